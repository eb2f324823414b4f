package main

import (
	"context"
	"log"
	"net/http"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/songferry/songferry/migrations"
	"github.com/songferry/songferry/playlists"
)

// metrics is what a bridge counts, for Prometheus. Their names are promised in INSTALL.md.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
}

func newMetrics(b *bridge) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "songferry_http_requests_total", Help: "Requests answered, by route and status.",
		}, []string{"route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "songferry_http_request_duration_seconds", Help: "Time from a request's head to the end of the answer.",
			Buckets: []float64{.001, .003, .01, .03, .1, .3, 1, 3, 10},
		}, []string{"route"}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{Name: "songferry_build_info", Help: "Always 1.", ConstLabels: prometheus.Labels{"version": version()}})
	build.Set(1)
	m.registry.MustRegister(m.requests, m.seconds, build, jobCollector{b.pulse}, workCollector{b},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// count counts requests by the pattern of their route: what stands in for names in it has no end of values.
func (m *metrics) count(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		ww := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		next.ServeHTTP(ww, r)
		route := chi.RouteContext(r.Context()).RoutePattern()
		if route == "" || ww.Status() == http.StatusNotFound {
			route = "none"
		}
		m.requests.WithLabelValues(route, strconv.Itoa(ww.Status())).Inc()
		m.seconds.WithLabelValues(route).Observe(time.Since(start).Seconds())
	})
}

// server answers Prometheus, whatever path it asks for.
func (m *metrics) server(complaints *log.Logger) *http.Server {
	return &http.Server{Handler: promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 2, Timeout: 10 * time.Second}), ReadHeaderTimeout: 10 * time.Second, ErrorLog: complaints}
}

// jobCollector tells how the jobs do.
type jobCollector struct{ *pulse }

var (
	jobRounds  = prometheus.NewDesc("songferry_job_rounds_total", "Rounds of a background job; result is done, idle or failed.", []string{"job", "result"}, nil)
	jobSeconds = prometheus.NewDesc("songferry_job_busy_seconds_total", "Time spent in the rounds of a job.", []string{"job"}, nil)
	jobWorked  = prometheus.NewDesc("songferry_job_last_success_timestamp_seconds", "When a round of a job last ended without an error.", []string{"job"}, nil)
)

// Describe implements prometheus.Collector.
func (jobCollector) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{jobRounds, jobSeconds, jobWorked} {
		out <- d
	}
}

// Collect implements prometheus.Collector.
func (c jobCollector) Collect(out chan<- prometheus.Metric) {
	c.each(func(name string, b beat) {
		for result, n := range map[string]int{"done": b.done, "idle": b.idle, "failed": b.wrong} {
			out <- prometheus.MustNewConstMetric(jobRounds, prometheus.CounterValue, float64(n), name, result)
		}
		out <- prometheus.MustNewConstMetric(jobSeconds, prometheus.CounterValue, b.busy.Seconds(), name)
		out <- prometheus.MustNewConstMetric(jobWorked, prometheus.GaugeValue, float64(b.worked.UnixMilli())/1000, name)
	})
}

// workCollector tells what waits in the tables.
type workCollector struct{ *bridge }

var (
	queueLength = prometheus.NewDesc("songferry_queue_length", "What waits: deliveries, and the hosts that they are for; the inbox; playlists elsewhere (reading); polls of music servers, and copies to write there.", []string{"queue"}, nil)
	queueAge    = prometheus.NewDesc("songferry_queue_oldest_seconds", "How long the oldest has waited, 0 when none does.", []string{"queue"}, nil)
	rowCount    = prometheus.NewDesc("songferry_rows", "What the bridge holds: accounts, playlists, revisions.", []string{"of"}, nil)
	busySeconds = prometheus.NewDesc("songferry_database_seconds_total", "Time that statements and transactions took in the database, of all connections together, waiting for one another included.", nil, nil)
	diskBytes   = prometheus.NewDesc("songferry_database_bytes", "Size of the database on the disk.", nil, nil)
	freeBytes   = prometheus.NewDesc("songferry_disk_free_bytes", "Room left beside the database, where the system tells.", nil, nil)
)

// Describe implements prometheus.Collector.
func (workCollector) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{queueLength, queueAge, rowCount, busySeconds, diskBytes, freeBytes} {
		out <- d
	}
}

// Collect implements prometheus.Collector. What cannot be read now is left out, and logged.
func (c workCollector) Collect(out chan<- prometheus.Metric) {
	out <- prometheus.MustNewConstMetric(busySeconds, prometheus.CounterValue, migrations.Busy(c.db).Seconds())
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	for _, collect := range []func(context.Context, func(*prometheus.Desc, float64, ...string)) error{c.queues, c.holdings, c.disk} {
		err := collect(ctx, func(d *prometheus.Desc, value float64, labels ...string) {
			out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
		})
		if err != nil {
			c.log.Warn("metrics cannot be read", "error", err)
		}
	}
}

func (c workCollector) queues(ctx context.Context, tell func(*prometheus.Desc, float64, ...string)) error {
	out, err := c.fed.Backlog(ctx)
	if err != nil {
		return err
	}
	in, err := c.subsonic.Backlog(ctx)
	if err != nil {
		return err
	}
	for name, q := range map[string]playlists.Waiting{
		"deliveries": out.Out, "hosts": {N: out.InAll, Since: out.Out.Since}, "inbox": out.Inbox, "reading": out.Reading, "polls": in.Polls, "copies": in.Copies,
	} {
		age := 0.0
		if q.N > 0 {
			age = max(time.Since(q.Since).Seconds(), 0)
		}
		tell(queueLength, float64(q.N), name)
		tell(queueAge, age, name)
	}
	return nil
}

func (c workCollector) holdings(ctx context.Context, tell func(*prometheus.Desc, float64, ...string)) error {
	n, err := c.store.Counts(ctx)
	if err != nil {
		return err
	}
	tell(rowCount, float64(n.Accounts), "accounts")
	tell(rowCount, float64(n.Playlists), "playlists")
	tell(rowCount, float64(n.Revisions), "revisions")
	return nil
}

func (c workCollector) disk(_ context.Context, tell func(*prometheus.Desc, float64, ...string)) error {
	s, err := c.storage()
	if err != nil {
		return err
	}
	tell(diskBytes, float64(s.Database))
	tell(freeBytes, float64(s.Free))
	return nil
}
