// Publisher publishes each line of the standard input as a record, in order.
//
//	publisher [HOST:PORT [TOPIC]]
package main

import (
	"bufio"
	"context"
	"fmt"
	"log"
	"os"
	"time"

	. "github.com/bsideup/liiklus/protocol"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

var (
	defaults  = []string{"localhost:6565", "example"}
	arguments = append(os.Args[1:], defaults[len(os.Args)-1:]...)
)

// publish returns once the record is stored. One that is sent again may be stored twice.
func publish(liiklus LiiklusServiceClient, request *PublishRequest) *PublishReply {
	for {
		call, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		reply, err := liiklus.Publish(call, request)
		cancel()
		switch status.Code(err) {
		case codes.OK:
			return reply
		case codes.Unavailable, codes.DeadlineExceeded, codes.ResourceExhausted:
			// The gateway is away, or what is behind it.
			log.Print("trying again: ", err)
			time.Sleep(500 * time.Millisecond)
		default:
			log.Fatal(err)
		}
	}
}

func main() {
	channel, err := grpc.Dial(arguments[0], grpc.WithInsecure())
	if err != nil {
		log.Fatal(err)
	}
	liiklus := NewLiiklusServiceClient(channel)
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		// Records of one key go to one partition and keep their order.
		reply := publish(liiklus, &PublishRequest{
			Topic: arguments[1], Key: []byte("lines"), Value: []byte(lines.Text())})
		fmt.Println("partition", reply.Partition, "offset", reply.Offset)
	}
	if err := lines.Err(); err != nil {
		log.Fatal(err) // As of a line above 64 KiB.
	}
}
