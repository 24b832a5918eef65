package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of /proc's processor times; Linux has had 100 a second for all
// programs since 2.6.
const tick = 10 * time.Millisecond

// processorTime is what a process has used so far, with its threads; 0 where the
// system has no /proc.
func processorTime(pid int) time.Duration {
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return 0
	}
	// The name, in brackets, may hold spaces; utime and stime are the 12th and 13th behind.
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	return ticks(fields[11]) + ticks(fields[12])
}

// memory is what a process has in memory, now and at most so far, in bytes; 0 where the
// system has no /proc.
func memory(pid int) (now, most int64) {
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	if err != nil {
		return 0, 0
	}
	for line := range strings.Lines(string(status)) {
		fields := strings.Fields(line)
		if len(fields) < 2 {
			continue
		}
		kilobytes, _ := strconv.ParseInt(fields[1], 10, 64)
		switch fields[0] {
		case "VmRSS:":
			now = kilobytes << 10
		case "VmHWM:":
			most = kilobytes << 10
		}
	}
	return now, most
}

// ran is what a server and the processes of its PostgreSQL have used so far, to the
// nanosecond: what others do meanwhile makes a page late, but hardly more work.
func ran(p *program) time.Duration {
	sum := ranBy(p.process.Process.Pid)
	names, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, name := range names {
		if line, err := os.ReadFile(name); err == nil && p.database != "" && strings.Contains(string(line), " "+p.database+" ") {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(name)))
			sum += ranBy(pid)
		}
	}
	return sum
}

func ranBy(pid int) time.Duration {
	threads, _ := filepath.Glob(filepath.Join("/proc", strconv.Itoa(pid), "task", "*", "schedstat"))
	var sum time.Duration
	for _, thread := range threads {
		text, _ := os.ReadFile(thread)
		first, _, _ := strings.Cut(string(text), " ")
		n, _ := strconv.ParseInt(first, 10, 64)
		sum += time.Duration(n)
	}
	return sum
}

func ticks(text string) time.Duration {
	n, _ := strconv.ParseInt(text, 10, 64)
	return time.Duration(n) * tick
}

// postgresTime is what all PostgreSQL processes of the machine have used.
func postgresTime() time.Duration {
	names, _ := filepath.Glob("/proc/[0-9]*/comm")
	var sum time.Duration
	for _, name := range names {
		if comm, err := os.ReadFile(name); err == nil && strings.TrimSpace(string(comm)) == "postgres" {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(name)))
			sum += processorTime(pid)
		}
	}
	return sum
}

// machineTime is what the processors of the machine have done so far, and were kept
// from doing by others of the same host (steal).
func machineTime() time.Duration {
	stat, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0
	}
	line, _, _ := strings.Cut(string(stat), "\n")
	var sum time.Duration
	for i, field := range strings.Fields(line)[1:] {
		// user nice system idle iowait irq softirq steal
		if i != 3 && i != 4 && i < 8 {
			sum += ticks(field)
		}
	}
	return sum
}

// reading is the state of all clocks at one moment.
type reading struct {
	at                        time.Time
	machine, server, database time.Duration
	ourselves                 time.Duration
}

func read(p *program) reading {
	return reading{time.Now(), machineTime(), processorTime(p.process.Process.Pid), postgresTime(), processorTime(os.Getpid())}
}

// strangers is the share of one processor that others than server, database and
// bench used between the readings.
func (r reading) strangers(before reading) float64 {
	known := (r.server - before.server) + (r.database - before.database) + (r.ourselves - before.ourselves)
	return max(0, float64(r.machine-before.machine-known)/float64(r.at.Sub(before.at)))
}
