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

var (
	defaults  = []string{"localhost:6565", "example", "example-go"}
	arguments = append(os.Args[1:], defaults[len(os.Args)-1:]...)
)

// consume handles records until the call ends, and tells why.
func consume(liiklus LiiklusServiceClient) error {
	call, err := liiklus.Consume(context.Background())
	if err != nil {
		return err
	}
	start := &ConsumeStart{Topic: arguments[1], Group: arguments[2]}
	request := &ConsumeRequest{Request: &ConsumeRequest_Start{Start: start}}
	for call.Send(request) == nil {
		batch, err := next(call)
		if err != nil {
			return err
		}
		done := &PartitionAck{Partition: batch.Partition}
		for _, record := range batch.Records.Records {
			fmt.Println(string(record.Value))
			done.All = &PartitionAck_UpTo{UpTo: record.Offset}
		}
		// Behind the work: at least once. A record whose ack is lost comes again.
		ack := &ConsumeAck{Partitions: []*PartitionAck{done}}
		request = &ConsumeRequest{Request: &ConsumeRequest_Ack{Ack: ack}}
	}
	_, err = next(call) // What the call has ended with.
	return err
}

// next returns the next records.
func next(call LiiklusService_ConsumeClient) (*ConsumeRecords, error) {
	for {
		reply, err := call.Recv()
		if err != nil || reply.GetRecords() != nil {
			return reply.GetRecords(), err
		}
		if failure := reply.GetFailure(); failure != nil {
			log.Print("cannot be read: ", failure.Message)
		}
	}
}

func main() {
	channel, err := grpc.Dial(arguments[0], grpc.WithInsecure())
	for err == nil || status.Code(err) == codes.Unavailable {
		err = consume(NewLiiklusServiceClient(channel))
		log.Print("connecting again: ", err)
		time.Sleep(500 * time.Millisecond)
	}
	log.Fatal(err)
}
