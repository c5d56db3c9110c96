// Signs up over gRPC, and asks who is signed in: go run . 127.0.0.1:4433
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

	methodv1 "example.org/app/gen/ostiary/method/v1"
	publicv1 "example.org/app/gen/ostiary/public/v1"
	typev1 "example.org/app/gen/ostiary/type/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/types/known/structpb"
)

func main() {
	connection, err := grpc.NewClient(os.Args[1], grpc.WithTransportCredentials(insecure.NewCredentials()))
	check(err)
	ctx := context.Background()

	registration := publicv1.NewRegistrationServiceClient(connection)
	begun, err := registration.CreateNativeRegistrationFlow(ctx, &publicv1.CreateNativeRegistrationFlowRequest{})
	check(err)
	traits, err := structpb.NewStruct(map[string]any{"email": fmt.Sprintf("go-%d@example.org", time.Now().UnixNano())})
	check(err)
	password := "correct horse battery"
	done, err := registration.UpdateRegistrationFlow(ctx, &publicv1.UpdateRegistrationFlowRequest{
		Flow: begun.Flow.Id,
		Submission: &typev1.RegistrationSubmission{Method: &typev1.RegistrationSubmission_Password{
			Password: &methodv1.PasswordRegistration{Password: &password, Traits: traits},
		}},
	})
	check(err)

	ctx = metadata.AppendToOutgoingContext(ctx, "x-session-token", done.GetSessionToken())
	who, err := publicv1.NewSessionServiceClient(connection).ToSession(ctx, &publicv1.ToSessionRequest{})
	check(err)
	fmt.Println("signed in:", who.Session.Identity.Traits.AsMap()["email"])
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
