package fedifytest

import (
	"bufio"
	"encoding/json"
	"io"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// answerLimit is how long a call, or the start, may take. The slowest needs a second or two on an idle machine.
const answerLimit = time.Minute

// answer is a line of the peer's standard output.
type answer struct {
	Port   int // of its first line
	Result json.RawMessage
	Error  string
}

// launch starts the peer, and ends it with the test: it ends when its standard input does.
func (p *Peer) launch(cmd *exec.Cmd) {
	p.t.Helper()
	cmd.Stderr = &p.log
	stdin, err := cmd.StdinPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		p.t.Fatalf("the Fedify peer (npm ci in federation/fedifytest/peer): %v", err)
	}
	answers := make(chan answer)
	done := make(chan struct{})
	p.calls, p.answers = json.NewEncoder(stdin), answers
	go read(stdout, answers, done)
	p.t.Cleanup(func() {
		close(done)
		_ = stdin.Close() // fails only if the peer has died, which the log below shows
		stop := time.AfterFunc(answerLimit, func() { _ = cmd.Process.Kill() })
		_ = cmd.Wait() // the peer does not end in order when the test stops in the middle of a call
		stop.Stop()
		if p.t.Failed() {
			p.t.Logf("the Fedify peer at %s wrote:\n%s", p.URL, p.log.String())
		}
	})
}

// read hands the peer's lines on until its output ends or nobody wants them.
func read(stdout io.Reader, answers chan<- answer, done <-chan struct{}) {
	defer close(answers)
	lines := json.NewDecoder(bufio.NewReader(stdout))
	for {
		var a answer
		if lines.Decode(&a) != nil {
			return
		}
		select {
		case answers <- a:
		case <-done:
			return
		}
	}
}

// next waits for the peer's next line.
func (p *Peer) next() answer {
	p.t.Helper()
	select {
	case a, ok := <-p.answers:
		if !ok {
			p.t.Fatal("the Fedify peer (npm ci in federation/fedifytest/peer) ended")
		}
		return a
	case <-time.After(answerLimit):
		p.t.Fatalf("the Fedify peer did not answer within %v", answerLimit)
	}
	return answer{}
}

// call makes the peer do something, and decodes what it returns.
func (p *Peer) call(result any, name string, args any) {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.calls.Encode(map[string]any{"call": name, "args": args}); err != nil {
		p.t.Fatalf("the Fedify peer ended: %v", err)
	}
	a := p.next()
	if a.Error != "" {
		p.t.Fatalf("Fedify: %s: %s", name, a.Error)
	}
	if err := json.Unmarshal(a.Result, result); err != nil {
		p.t.Fatalf("Fedify: %s: %v", name, err)
	}
}

// peerLog keeps the end of what the peer writes, for a failed test's report.
type peerLog struct {
	mu   sync.Mutex
	text strings.Builder
}

const maxLog = 1 << 20

func (l *peerLog) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.text.Len() < maxLog {
		l.text.Write(b)
	}
	return len(b), nil
}

func (l *peerLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
