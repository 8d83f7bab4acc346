package io.clientele.engine;

import static scala.jdk.javaapi.CollectionConverters.asJava;
import static scala.jdk.javaapi.CollectionConverters.asScala;

import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateMode;
import org.apache.spark.sql.catalyst.expressions.aggregate.Complete$;
import org.apache.spark.sql.catalyst.expressions.aggregate.Final$;
import org.apache.spark.sql.catalyst.expressions.aggregate.Partial$;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.execution.ColumnarRule;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.aggregate.BaseAggregateExec;
import org.apache.spark.sql.execution.aggregate.HashAggregateExec;
import org.apache.spark.sql.execution.aggregate.ObjectHashAggregateExec;
import scala.collection.immutable.Seq;
import scala.runtime.AbstractPartialFunction;

/**
 * Groups rows once where they are with their group already. Spark plans each aggregate as two, one before rows are sent to their
 * groups and one after; where nothing is sent, because the rows were before, both are computed in the same place, each with a
 * table of all groups. One that does the work of both gives the same rows.
 *
 * <p>It is the last change of a stage's plan, after all that looks at how rows are distributed.
 */
final class OnePassAggregates extends Rule<SparkPlan> {
    /** Where Spark lets plans be changed last, whether columns are involved or not. */
    static final class Last extends ColumnarRule {
        @Override
        public Rule<SparkPlan> preColumnarTransitions() {
            return new OnePassAggregates();
        }
    }

    @Override
    public SparkPlan apply(SparkPlan plan) {
        return plan.transformUp(new AbstractPartialFunction<SparkPlan, SparkPlan>() {
            @Override
            public boolean isDefinedAt(SparkPlan node) {
                return isSecondOfTwo(node);
            }

            @Override
            public <A extends SparkPlan, B> B applyOrElse(A node, scala.Function1<A, B> otherwise) {
                @SuppressWarnings("unchecked")
                B result = isSecondOfTwo(node) ? (B) inOne((BaseAggregateExec) node) : otherwise.apply(node);
                return result;
            }
        });
    }

    private static boolean isSecondOfTwo(SparkPlan node) {
        return node instanceof BaseAggregateExec second
                && (node instanceof HashAggregateExec || node instanceof ObjectHashAggregateExec)
                && second.child() instanceof BaseAggregateExec first
                && first.getClass() == node.getClass()
                && !second.isStreaming()
                && first.requiredChildDistributionExpressions().isEmpty()
                && second.requiredChildDistributionExpressions().isDefined()
                && isAll(first, Partial$.MODULE$)
                && isAll(second, Final$.MODULE$)
                && isSame(first, second);
    }

    private static boolean isAll(BaseAggregateExec node, AggregateMode mode) {
        return node.aggregateExpressions().forall(e -> e.mode() == mode);
    }

    /** Whether the second takes up the groups and the sums of the first, and nothing else. */
    private static boolean isSame(BaseAggregateExec first, BaseAggregateExec second) {
        Seq<NamedExpression> groups = first.groupingExpressions();
        Seq<AggregateExpression> sums = first.aggregateExpressions();
        boolean isSame = groups.size() == second.groupingExpressions().size()
                && sums.size() == second.aggregateExpressions().size();
        for (int i = 0; isSame && i < groups.size(); i++) {
            isSame = groups.apply(i)
                    .exprId()
                    .equals(second.groupingExpressions().apply(i).exprId());
        }
        for (int i = 0; isSame && i < sums.size(); i++) {
            isSame = sums.apply(i)
                    .resultId()
                    .equals(second.aggregateExpressions().apply(i).resultId());
        }
        return isSame;
    }

    private static SparkPlan inOne(BaseAggregateExec second) {
        BaseAggregateExec first = (BaseAggregateExec) second.child();
        Seq<AggregateExpression> sums = asScala(asJava(first.aggregateExpressions()).stream()
                        .map(e -> e.copy(
                                e.aggregateFunction(), Complete$.MODULE$, e.isDistinct(), e.filter(), e.resultId()))
                        .toList())
                .toSeq();
        Seq<Attribute> results = second.aggregateAttributes();
        return second instanceof HashAggregateExec
                ? new HashAggregateExec(
                        second.requiredChildDistributionExpressions(),
                        false,
                        second.numShufflePartitions(),
                        first.groupingExpressions(),
                        sums,
                        results,
                        0,
                        second.resultExpressions(),
                        first.child())
                : new ObjectHashAggregateExec(
                        second.requiredChildDistributionExpressions(),
                        false,
                        second.numShufflePartitions(),
                        first.groupingExpressions(),
                        sums,
                        results,
                        0,
                        second.resultExpressions(),
                        first.child());
    }
}
