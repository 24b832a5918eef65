package main

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics is what the Prometheus listener shows. Labels are route patterns,
// never URLs: callers choose those, and they could contain a secret.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "muster_http_requests_total", Help: "Answered requests by route pattern.",
		}, []string{"route", "method", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "muster_http_request_duration_seconds", Help: "Time to answer by route pattern.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"route", "method"}),
	}
	m.registry.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		m.requests, m.duration,
	)
	return m
}

// watchProjection shows how far what the desk asks is behind, at most, and how many
// changes this process brought in.
func (m *metrics) watchProjection(projected func() (asOf time.Time, applied int64)) {
	started := time.Now()
	m.registry.MustRegister(
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "muster_projection_lag_seconds", Help: "How long ago everything was in what the desk asks.",
		}, func() float64 {
			asOf, _ := projected()
			if asOf.IsZero() {
				asOf = started
			}
			return time.Since(asOf).Seconds()
		}),
		prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "muster_projection_changes_total", Help: "Changes of auth tokens that this process brought into what the desk asks.",
		}, func() float64 {
			_, applied := projected()
			return float64(applied)
		}),
	)
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
