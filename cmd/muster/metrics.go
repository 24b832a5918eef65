package main

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"muster/handlers"
)

// metrics is what the Prometheus listener shows. Labels are route patterns,
// never URLs: callers choose those, and they could contain a secret.
type metrics struct {
	registry          *prometheus.Registry
	requests          *prometheus.CounterVec
	duration          *prometheus.HistogramVec
	outcomes          map[handlers.Operation]*prometheus.CounterVec
	together, commits *prometheus.HistogramVec
}

// seconds are the buckets of durations.
var seconds = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "muster_http_requests_total", Help: "Answered requests by route pattern.",
		}, []string{"route", "method", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "muster_http_request_duration_seconds", Help: "Time to answer by route pattern.",
			Buckets: seconds,
		}, []string{"route", "method"}),
		outcomes: map[handlers.Operation]*prometheus.CounterVec{
			handlers.Redemption:   outcomes("muster_redemptions_total", "Redemptions by outcome; a refusal by its reason."),
			handlers.Refresh:      outcomes("muster_refreshes_total", "Refreshes by outcome."),
			handlers.Verification: outcomes("muster_verifications_total", "Introspections by outcome."),
		},
		together: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "muster_commit_changes", Help: "How many changes shared a transaction.", Buckets: prometheus.ExponentialBuckets(1, 2, 10),
		}, []string{"of"}),
		commits: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "muster_commit_duration_seconds", Help: "How long such a transaction took, with the wait for its start.", Buckets: seconds,
		}, []string{"of"}),
	}
	m.registry.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		m.requests, m.duration, m.together, m.commits,
	)
	for of, counter := range m.outcomes {
		m.registry.MustRegister(counter)
		for _, outcome := range handlers.Outcomes(of) {
			counter.WithLabelValues(outcome) // what has not happened is seen as 0
		}
	}
	return m
}

func outcomes(name, help string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, []string{"outcome"})
}

// count is what became of a redemption, a refresh or a verification.
func (m *metrics) count(of handlers.Operation, outcome string) {
	m.outcomes[of].WithLabelValues(outcome).Inc()
}

// committed is a transaction that changes of a kind shared.
func (m *metrics) committed(of string, changes int, took time.Duration) {
	m.together.WithLabelValues(of).Observe(float64(changes))
	m.commits.WithLabelValues(of).Observe(took.Seconds())
}

func (m *metrics) observe(route, method string, status int, took time.Duration) {
	method = knownMethod(method)
	if route == "" {
		route = "none"
	}
	m.requests.WithLabelValues(route, method, strconv.Itoa(status)).Inc()
	m.duration.WithLabelValues(route, method).Observe(took.Seconds())
}

// knownMethod keeps strangers from inventing label values.
func knownMethod(method string) string {
	known := []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions}
	if slices.Contains(known, method) {
		return method
	}
	return "other"
}

func (m *metrics) handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	return mux
}
