//go:build load || soak

package main

import (
	"bufio"
	"strconv"
	"strings"
)

// metricsAt is where the daemon of an installation tells its metrics, "" where it does not.
func (i *installation) metricsAt() string {
	for _, s := range i.settings {
		if address, ok := strings.CutPrefix(s, "SONGFERRY_METRICS_LISTEN="); ok {
			return address
		}
	}
	return ""
}

// allMetrics reads what the daemon says of itself, by the metrics' names with their labels.
func (i *installation) allMetrics() map[string]float64 {
	i.t.Helper()
	values, err := i.readMetrics()
	if err != nil {
		i.t.Fatal(err)
	}
	return values
}

func (i *installation) readMetrics() (map[string]float64, error) {
	_, text, err := get("http://"+i.metricsAt()+"/metrics", "")
	if err != nil {
		return nil, err
	}
	values := map[string]float64{}
	for lines := bufio.NewScanner(strings.NewReader(text)); lines.Scan(); {
		if name, value, ok := strings.Cut(lines.Text(), " "); ok {
			values[name], _ = strconv.ParseFloat(value, 64) // comments are no numbers
		}
	}
	return values, nil
}

func (i *installation) metric(name string) float64 {
	i.t.Helper()
	return i.allMetrics()[name]
}
