package browsertest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"time"
)

// answerLimit is how long the start, or a step, may take. The driver gives up sooner, and then says why.
const answerLimit = 2 * time.Minute

// call and answer are lines between this package and driver/driver.mjs.
type call struct {
	ID   int            `json:"id"`
	Tab  int64          `json:"tab"`
	Call string         `json:"call"`
	Args map[string]any `json:"args"`
}

type answer struct {
	ID       int
	Result   json.RawMessage
	Error    string
	Findings []string
}

// driver is a running driver.mjs.
type driver struct {
	mu      sync.Mutex // covers everything below
	calls   *json.Encoder
	last    int // id of a call
	waiting map[int]chan answer
	ended   bool
}

// shared starts the one browser of this test binary, which takes a second, when the first test asks for it. It ends with the
// binary, however that ends, since its standard input does.
var shared = sync.OnceValues(start)

func start() (*driver, error) {
	chromium, err := exec.LookPath("chromium-headless-shell") // Debian's Chromium without windows: a third of the work
	if err != nil {
		return nil, err
	}
	_, here, _, _ := runtime.Caller(0)
	folder := filepath.Join(filepath.Dir(here), "driver")
	// The Node that npm installed there comes first, or the system's where there is none for it.
	cmd := exec.Command("env", "PATH="+filepath.Join(folder, "node_modules", ".bin")+":"+os.Getenv("PATH"), "node", "driver.mjs", chromium)
	cmd.Dir = folder
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	started := make(chan answer, 1)
	d := &driver{calls: json.NewEncoder(stdin), waiting: map[int]chan answer{0: started}}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	go d.read(stdout)
	if a := await(started); a.Error != "" {
		_ = cmd.Process.Kill() // it may have ended by itself
		return nil, errors.New(a.Error)
	}
	return d, nil
}

// read hands each answer to the step that waits for it.
func (d *driver) read(stdout io.Reader) {
	lines := json.NewDecoder(stdout)
	for {
		var a answer
		err := lines.Decode(&a)
		d.mu.Lock()
		if err != nil {
			d.end()
			d.mu.Unlock()
			return
		}
		if wanted := d.waiting[a.ID]; wanted != nil {
			wanted <- a
			delete(d.waiting, a.ID)
		}
		d.mu.Unlock()
	}
}

// end tells all who wait that no answer comes.
func (d *driver) end() {
	d.ended = true
	for _, wanted := range d.waiting {
		close(wanted)
	}
}

// ask sends a call, and returns where its answer will be.
func (d *driver) ask(c call) (<-chan answer, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ended {
		return nil, errors.New("the browser has ended")
	}
	d.last++
	c.ID = d.last
	wanted := make(chan answer, 1) // the answer may be late, when nobody waits any more
	d.waiting[c.ID] = wanted
	return wanted, d.calls.Encode(c)
}

func await(wanted <-chan answer) answer {
	select {
	case a, ok := <-wanted:
		if !ok {
			return answer{Error: "the browser has ended"}
		}
		return a
	case <-time.After(answerLimit):
		return answer{Error: fmt.Sprintf("no answer within %v", answerLimit)}
	}
}

// call does one step, and fails the test for what was wrong on the way.
func (tab *Tab) call(result any, name string, args map[string]any) {
	tab.t.Helper()
	sent := map[string]any{"within": tab.within, "status": *tab.expects}
	for key, value := range args {
		sent[key] = value
	}
	*tab.expects = 0
	wanted, err := tab.driver.ask(call{Tab: tab.number, Call: name, Args: sent})
	if err != nil {
		tab.t.Fatalf("%s %v: %v", name, args, err)
	}
	a := await(wanted)
	for _, finding := range a.Findings {
		tab.t.Errorf("%s %v: %s", name, args, finding)
	}
	if a.Error != "" {
		tab.t.Fatalf("%s %v: %s", name, args, a.Error)
	}
	if result == nil {
		return
	}
	if err := json.Unmarshal(a.Result, result); err != nil {
		tab.t.Fatalf("%s %v: %v: %s", name, args, err, a.Result)
	}
}
