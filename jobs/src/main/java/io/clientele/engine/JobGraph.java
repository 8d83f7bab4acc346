package io.clientele.engine;

import io.clientele.engine.error.ClienteleException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Jobs in the order of their dependencies: one writer per table, every table read has one, no cycle, no name twice. */
public final class JobGraph {
    private final List<Job> ordered;
    private final Map<TableRef, Job> writers = new HashMap<>();

    private JobGraph(List<Job> jobs) {
        List<String> faults = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Job job : jobs) {
            if (!names.add(job.name())) {
                faults.add("job '" + job.name() + "' is declared twice");
            }
            for (TableRef table : job.writes()) {
                Job other = writers.putIfAbsent(table, job);
                if (other != null) {
                    faults.add(table + " is written by both '" + other.name() + "' and '" + job.name() + "'");
                }
            }
        }
        for (Job job : jobs) {
            for (TableRef table : job.reads()) {
                if (!writers.containsKey(table)) {
                    faults.add("job '" + job.name() + "' reads " + table + ", which no job writes");
                }
            }
        }
        ordered = sort(jobs, faults);
        if (!faults.isEmpty()) {
            throw ClienteleException.configuration("The jobs do not fit together: %s.", String.join("; ", faults));
        }
    }

    /**
     * Checks and orders jobs.
     *
     * @param jobs in the order in which people think of them, which is kept where dependencies allow
     * @throws ClienteleException naming every fault
     */
    public static JobGraph of(List<Job> jobs) {
        return new JobGraph(List.copyOf(jobs));
    }

    /** All jobs, each after those whose tables it reads. */
    public List<Job> jobs() {
        return ordered;
    }

    /** The job that writes the table, or null. */
    public Job writer(TableRef table) {
        return writers.get(table);
    }

    /** The names of the jobs whose tables this job reads, not counting itself. */
    public Set<String> upstream(Job job) {
        Set<String> names = new LinkedHashSet<>();
        for (TableRef table : job.reads()) {
            Job writer = writers.get(table);
            if (writer != null && !writer.equals(job)) {
                names.add(writer.name());
            }
        }
        return names;
    }

    /**
     * The named jobs and their companions, in order. A name after a {@code +} brings all jobs that it needs.
     *
     * @throws ClienteleException when a name is unknown, with the nearest known one
     */
    public List<Job> select(Collection<String> names) {
        Map<String, Job> known = new TreeMap<>();
        ordered.forEach(job -> known.put(job.name(), job));
        Set<String> chosen = new HashSet<>();
        for (String given : names) {
            String name = given.startsWith("+") ? given.substring(1) : given;
            if (!known.containsKey(name)) {
                throw ClienteleException.configuration(
                        "There is no job '%s'; %s", name, Suggestions.didYouMean(name, known.keySet()));
            }
            chosen.add(name);
            if (given.startsWith("+")) {
                addNeeded(known.get(name), chosen);
            }
        }
        return ordered.stream()
                .filter(j -> chosen.contains(j.name())
                        || (j.isCompanion() && upstream(j).stream().anyMatch(chosen::contains)))
                .toList();
    }

    private void addNeeded(Job job, Set<String> chosen) {
        Set<String> needed = new HashSet<>(upstream(job));
        for (int i = ordered.size() - 1; i >= 0; i--) {
            if (needed.contains(ordered.get(i).name())) {
                needed.addAll(upstream(ordered.get(i)));
            }
        }
        chosen.addAll(needed);
    }

    private List<Job> sort(List<Job> jobs, List<String> faults) {
        List<Job> result = new ArrayList<>();
        Set<String> done = new HashSet<>();
        List<Job> open = new ArrayList<>(jobs);
        while (!open.isEmpty()) {
            Job next = open.stream()
                    .filter(j -> done.containsAll(upstream(j)))
                    .findFirst()
                    .orElse(null);
            if (next == null) {
                faults.add("these jobs wait for each other: "
                        + open.stream().map(Job::name).toList());
                return jobs;
            }
            open.remove(next);
            done.add(next.name());
            result.add(next);
        }
        return List.copyOf(result);
    }
}
