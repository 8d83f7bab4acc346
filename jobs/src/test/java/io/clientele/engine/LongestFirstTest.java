package io.clientele.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which of the jobs that may start starts first. */
class LongestFirstTest {
    @Test
    void theJobOnWhichTheLongestChainWaitsStartsFirstAndEqualsKeepTheirOrder() {
        Map<String, Set<String>> needs = Map.of(
                "survey", Set.of(),
                "shop", Set.of(),
                "answers", Set.of("survey"),
                "records", Set.of("shop", "a job that is not selected"),
                "identity", Set.of("records"),
                "sales", Set.of("identity", "shop"),
                "other", Set.of());
        List<Job> jobs = List.of("survey", "shop", "answers", "records", "identity", "sales", "other").stream()
                .map(name -> Job.named(name).transform((in, run) -> List.of()))
                .toList();
        assertThat(LongestFirst.of(jobs, job -> needs.get(job.name())))
                .extracting(Job::name)
                .containsExactly("shop", "records", "survey", "identity", "answers", "sales", "other");
    }
}
