// An HTTP service that asks Ostiary who is signed in.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"time"
)

// Session is what the service needs to know of a session.
type Session struct {
	Active   bool `json:"active"`
	Identity struct {
		ID     string         `json:"id"`
		Traits map[string]any `json:"traits"`
	} `json:"identity"`
}

type sessionKey struct{}

var client = &http.Client{Timeout: 5 * time.Second}

// whoami asks whose session a request carries; nil where it carries none.
func whoami(request *http.Request) (*Session, error) {
	ask, err := http.NewRequestWithContext(request.Context(), http.MethodGet, ostiary()+"/sessions/whoami", nil)
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"Cookie", "X-Session-Token"} {
		if value := request.Header.Get(name); value != "" {
			ask.Header.Set(name, value)
		}
	}
	answer, err := client.Do(ask)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	switch answer.StatusCode {
	case http.StatusOK:
		var session Session
		if err := json.NewDecoder(answer.Body).Decode(&session); err != nil {
			return nil, err
		}
		return &session, nil
	case http.StatusUnauthorized, http.StatusForbidden:
		return nil, nil
	default:
		return nil, fmt.Errorf("whoami answered %s", answer.Status)
	}
}

// signedIn lets only those on who are signed in.
func signedIn(next http.HandlerFunc) http.HandlerFunc {
	return func(writer http.ResponseWriter, request *http.Request) {
		session, err := whoami(request)
		switch {
		case err != nil:
			log.Print(err)
			http.Error(writer, "try again later", http.StatusBadGateway)
		case session == nil || !session.Active:
			http.Error(writer, "sign in first", http.StatusUnauthorized)
		default:
			next(writer, request.WithContext(context.WithValue(request.Context(), sessionKey{}, session)))
		}
	}
}

func me(writer http.ResponseWriter, request *http.Request) {
	session := request.Context().Value(sessionKey{}).(*Session)
	writer.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(writer).Encode(session.Identity)
}

func ostiary() string { return fallback(os.Getenv("OSTIARY_URL"), "http://localhost:4433") }

func fallback(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}

func main() {
	http.HandleFunc("GET /me", signedIn(me))
	address := "localhost:" + fallback(os.Getenv("PORT"), "8080")
	listener, err := net.Listen("tcp", address)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("http://" + address)
	server := &http.Server{ReadHeaderTimeout: 5 * time.Second}
	log.Fatal(server.Serve(listener))
}
