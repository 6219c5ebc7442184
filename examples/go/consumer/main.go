// Consumer prints each record of a topic, as a member of a consumer group, until it is interrupted.
//
//	consumer [HOST:PORT [TOPIC [GROUP]]]
package main

import (
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

const pause = 500 * time.Millisecond

var defaults = []string{"localhost:6565", "example", "example-go"}
var arguments = append(os.Args[1:], defaults[len(os.Args)-1:]...)

// consume handles records until the call ends, and tells why.
func consume(liiklus LiiklusServiceClient) error {
	call, err := liiklus.Consume(context.Background())
	if err != nil {
		return err
	}
	start := &ConsumeStart{Topic: arguments[1], Group: arguments[2]}
	call.Send(&ConsumeRequest{Request: &ConsumeRequest_Start{Start: start}})
	for {
		reply, err := call.Recv() // Fails with what a Send has failed with, too.
		if err != nil {
			return err
		}
		if batch := reply.GetRecords(); batch != nil {
			call.Send(&ConsumeRequest{Request: &ConsumeRequest_Ack{Ack: handle(batch)}})
		} else if failure := reply.GetFailure(); failure != nil {
			log.Print("cannot be read: ", failure.Message)
		}
	}
}

// handle returns the ack, behind the work: at least once. A record whose ack is lost comes again.
func handle(batch *ConsumeRecords) *ConsumeAck {
	done := &PartitionAck{Partition: batch.Partition}
	for _, record := range batch.Records.Records {
		fmt.Println(string(record.Value))
		done.All = &PartitionAck_UpTo{UpTo: record.Offset}
	}
	return &ConsumeAck{Partitions: []*PartitionAck{done}}
}

func main() {
	channel, err := grpc.Dial(arguments[0], grpc.WithInsecure())
	code := status.Code(err)
	// The gateway is away (Unavailable); or a balancer resets the call since it is (Internal).
	for ; code == codes.OK || code == codes.Unavailable || code == codes.Internal; time.Sleep(pause) {
		err = consume(NewLiiklusServiceClient(channel))
		code = status.Code(err)
		log.Print("the call has ended: ", err)
	}
	log.Fatal(err)
}
