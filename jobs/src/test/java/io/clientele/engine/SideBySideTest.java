package io.clientele.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clientele.testing.SharedSpark;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.spark.Partition;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import scala.collection.Iterator;
import scala.reflect.ClassTag;

/** Two parts of a job run at once, as if they were its own: what they keep, how they are named and how they fail. */
class SideBySideTest {
    @Test
    void eachPartWaitsForTheOtherToRun() {
        CountDownLatch running = new CountDownLatch(2);
        SideBySide.Both<Boolean, Boolean> both = SideBySide.both(() -> meet(running), () -> meet(running));
        assertThat(both.one()).isTrue();
        assertThat(both.other()).isTrue();
    }

    @Test
    void allAreRunTwoAtATimeAndGiveInTheirOrder() {
        CountDownLatch running = new CountDownLatch(2);
        assertThat(SideBySide.all(List.<Supplier<Object>>of(() -> meet(running), () -> meet(running), () -> "third")))
                .containsExactly(true, true, "third");
        assertThat(SideBySide.all(List.of())).isEmpty();
        AtomicInteger others = new AtomicInteger();
        assertThatThrownBy(() -> SideBySide.all(List.<Supplier<Object>>of(
                        () -> {
                            throw new IllegalStateException("first");
                        },
                        others::incrementAndGet,
                        others::incrementAndGet,
                        others::incrementAndGet)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("first");
    }

    @Test
    void rowsAreReleasedWithTheJobAndBelongToIt() {
        SharedSpark.session().sparkContext().setLocalProperty("clientele.test", "a job");
        int before = kept();
        SideBySide.Both<Dataset<Row>, String> both = SideBySide.both(
                () -> Reuse.settled(SharedSpark.session().range(3).toDF()), () -> {
                    Reuse.settled(SharedSpark.session().range(4).toDF());
                    return SharedSpark.session().sparkContext().getLocalProperty("clientele.test");
                });
        assertThat(both.other()).isEqualTo("a job");
        assertThat(both.one().count()).isEqualTo(3);
        assertThat(kept()).isEqualTo(before + 2);
        Reuse.release();
        assertThat(kept()).isEqualTo(before);
    }

    /** Between the end of a computation and its use, Spark takes the dependencies from rows and gives them new ones. */
    @Test
    void rowsAreComputedWhileOthersHaveNoDependencies() {
        RDD<Object> underWay = new Undescribed(SharedSpark.session().sparkContext());
        underWay.persist();
        try {
            assertThat(underWay.dependencies()).isNull();
            assertThat(ComputedRows.of(SharedSpark.session().range(3).toDF())
                            .rows()
                            .count())
                    .isEqualTo(3);
        } finally {
            underWay.unpersist(true);
        }
    }

    @Test
    void aFailureOfEitherIsThrownWhenBothHaveEnded() {
        CountDownLatch ended = new CountDownLatch(1);
        assertThatThrownBy(() -> SideBySide.both(
                        () -> {
                            throw new IllegalStateException("one");
                        },
                        () -> {
                            SharedSpark.session().range(1000).count();
                            ended.countDown();
                            return 1;
                        }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("one");
        assertThat(ended.getCount()).isZero();
        assertThatThrownBy(() -> SideBySide.both(() -> 1, () -> {
                    throw new IllegalArgumentException("other");
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("other");
    }

    private static boolean meet(CountDownLatch running) {
        running.countDown();
        try {
            return running.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            return false;
        }
    }

    /** As rows are for a moment while they are computed. */
    private static final class Undescribed extends RDD<Object> {
        Undescribed(SparkContext context) {
            super(context, null, ClassTag.Object());
        }

        @Override
        public Iterator<Object> compute(Partition split, TaskContext context) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Partition[] getPartitions() {
            return new Partition[0];
        }
    }

    private static int kept() {
        return SharedSpark.session().sparkContext().getPersistentRDDs().size();
    }
}
