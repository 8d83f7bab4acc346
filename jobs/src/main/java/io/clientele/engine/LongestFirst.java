package io.clientele.engine;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The order in which jobs that may start do start: first those on which the longest chain of others waits, so that the chain
 * which decides how long a run takes does not stand still (critical path scheduling).
 */
final class LongestFirst {
    private LongestFirst() {}

    /**
     * The jobs by the length of the longest chain that waits for them; of equal ones the order stays.
     *
     * @param jobs in an order in which each stands after those that it waits for
     * @param needs the names of the jobs that a job waits for; names of other jobs are passed over
     */
    static List<Job> of(List<Job> jobs, Function<Job, Set<String>> needs) {
        Map<String, Integer> chains = new HashMap<>();
        for (int i = jobs.size() - 1; i >= 0; i--) {
            Job job = jobs.get(i);
            int chain = chains.getOrDefault(job.name(), 0);
            needs.apply(job).forEach(name -> chains.merge(name, chain + 1, Math::max));
        }
        return jobs.stream()
                .sorted(Comparator.comparing(
                        (Job job) -> chains.getOrDefault(job.name(), 0), Comparator.reverseOrder()))
                .toList();
    }
}
