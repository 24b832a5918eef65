package main

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"muster/models/store"
)

// watch shows what is read from the database's connections and the live pages
// whenever somebody asks.
func (m *metrics) watch(s *store.Store, watchers func() int) {
	m.watchProjection(s.Projected)
	m.registry.MustRegister(
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "muster_live_watchers", Help: "Browsers that have live pages open.",
		}, func() float64 { return float64(watchers()) }),
		gauges{
			queued:  prometheus.NewDesc("muster_commit_queue", "Changes that wait for a transaction.", []string{"of"}, nil),
			inUse:   prometheus.NewDesc("muster_database_connections_in_use", "Connections to the database that are in use, by pool.", []string{"pool"}, nil),
			most:    prometheus.NewDesc("muster_database_connections_max", "Connections to the database that there may be, by pool.", []string{"pool"}, nil),
			waited:  prometheus.NewDesc("muster_database_connection_wait_seconds_total", "Time spent waiting for a connection, by pool.", []string{"pool"}, nil),
			waiting: prometheus.NewDesc("muster_database_connection_waits_total", "How often a connection was waited for, by pool.", []string{"pool"}, nil),
			store:   s,
		},
	)
}

// gauges are read from the store.
type gauges struct {
	queued, inUse, most, waited, waiting *prometheus.Desc
	store                                *store.Store
}

// Describe implements [prometheus.Collector].
func (g gauges) Describe(to chan<- *prometheus.Desc) { prometheus.DescribeByCollect(g, to) }

// Collect implements [prometheus.Collector].
func (g gauges) Collect(to chan<- prometheus.Metric) {
	for of, n := range g.store.Queued() {
		to <- prometheus.MustNewConstMetric(g.queued, prometheus.GaugeValue, float64(n), of)
	}
	for _, pool := range g.store.Pools() {
		to <- prometheus.MustNewConstMetric(g.inUse, prometheus.GaugeValue, float64(pool.InUse), pool.Name)
		to <- prometheus.MustNewConstMetric(g.most, prometheus.GaugeValue, float64(pool.MaxOpenConnections), pool.Name)
		to <- prometheus.MustNewConstMetric(g.waited, prometheus.CounterValue, pool.WaitDuration.Seconds(), pool.Name)
		to <- prometheus.MustNewConstMetric(g.waiting, prometheus.CounterValue, float64(pool.WaitCount), pool.Name)
	}
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
