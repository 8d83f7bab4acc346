package io.clientele.engine;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Counts the records that each of our jobs reads from files, by a property that the runner sets on its thread. */
final class JobMetrics extends SparkListener {
    static final String PROPERTY = "clientele.job";

    private final Map<Integer, String> jobOfStage = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> recordsRead = new ConcurrentHashMap<>();

    @Override
    public void onStageSubmitted(SparkListenerStageSubmitted event) {
        if (event.properties() != null && event.properties().getProperty(PROPERTY) != null) {
            jobOfStage.put(event.stageInfo().stageId(), event.properties().getProperty(PROPERTY));
        }
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd event) {
        String job = jobOfStage.get(event.stageId());
        if (job != null && event.taskMetrics() != null) {
            recordsRead
                    .computeIfAbsent(job, k -> new LongAdder())
                    .add(event.taskMetrics().inputMetrics().recordsRead());
        }
    }

    long recordsRead(String job) {
        LongAdder sum = recordsRead.get(job);
        return sum == null ? 0 : sum.sum();
    }
}
