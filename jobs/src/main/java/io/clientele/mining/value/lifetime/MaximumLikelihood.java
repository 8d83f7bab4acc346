package io.clientele.mining.value.lifetime;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import org.hipparchus.exception.MathIllegalStateException;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.optim.InitialGuess;
import org.hipparchus.optim.MaxEval;
import org.hipparchus.optim.nonlinear.scalar.GoalType;
import org.hipparchus.optim.nonlinear.scalar.ObjectiveFunction;
import org.hipparchus.optim.nonlinear.scalar.noderiv.NelderMeadSimplex;
import org.hipparchus.optim.nonlinear.scalar.noderiv.SimplexOptimizer;

/**
 * The maximum of a log-likelihood over positive parameters, sought over their logarithms: Nelder-Mead brings near it, Newton
 * steps with finite differences onto it. The inverse of the observed information is the parameters' covariance.
 */
final class MaximumLikelihood {
    /** Logarithms beyond these are the parameter's limit: zero or infinity to all effect. */
    private static final double MIN_LOG = -14;

    private static final double MAX_LOG = 7;
    private static final double OUTSIDE = -Double.MAX_VALUE;
    private static final int MAX_EVALUATIONS = 400;
    private static final double STEP = 1e-3;
    private static final int MAX_NEWTON_STEPS = 10;

    private MaximumLikelihood() {}

    /**
     * What was found.
     *
     * @param parameters the parameters
     * @param logLikelihood the log-likelihood there
     * @param deviations matrix whose columns are the principal directions of the uncertainty of the parameters' logarithms,
     *     each one standard deviation long; null where a parameter is at its limit or the likelihood is flat, so that there
     *     are no intervals
     */
    record Fit(double[] parameters, double logLikelihood, double[][] deviations) {
        /** The standard error of the logarithm of a parameter; NaN without {@code deviations}. */
        double errorOfLog(int parameter) {
            if (deviations == null) {
                return Double.NaN;
            }
            return Math.sqrt(
                    Arrays.stream(deviations[parameter]).map(d -> d * d).sum());
        }

        /** The parameters moved by one standard deviation along a principal direction, forward (1) or back (-1). */
        double[] moved(int direction, int sign) {
            double[] moved = parameters.clone();
            for (int i = 0; i < moved.length; i++) {
                moved[i] *= Math.exp(sign * deviations[i][direction]);
            }
            return moved;
        }

        /** The same fit with parameters in another unit. */
        Fit inUnits(double[] factors) {
            double[] scaled = parameters.clone();
            for (int i = 0; i < scaled.length; i++) {
                scaled[i] *= factors[i];
            }
            return new Fit(scaled, logLikelihood, deviations);
        }
    }

    /** Seeks the maximum from a start. */
    static Fit fit(ToDoubleFunction<double[]> logLikelihood, double[] start) {
        Search search = new Search(logLikelihood);
        double[] logs = Arrays.stream(start).map(Math::log).toArray();
        search.at(logs);
        // A simplex may collapse before it is there; a second one starts afresh where the first ended.
        search.simplex(.5);
        search.simplex(.05);
        double[][] deviations = search.newton();
        return new Fit(Arrays.stream(search.best).map(Math::exp).toArray(), search.most, deviations);
    }

    private static final class Search {
        private final ToDoubleFunction<double[]> function;
        private double[] best;
        private double most = Double.NEGATIVE_INFINITY;

        Search(ToDoubleFunction<double[]> function) {
            this.function = function;
        }

        double at(double[] logs) {
            if (Arrays.stream(logs).anyMatch(l -> !(l >= MIN_LOG && l <= MAX_LOG))) {
                return OUTSIDE;
            }
            double value =
                    function.applyAsDouble(Arrays.stream(logs).map(Math::exp).toArray());
            if (!Double.isFinite(value)) {
                return OUTSIDE;
            }
            if (value > most || best == null) {
                most = value;
                best = logs.clone();
            }
            return value;
        }

        void simplex(double side) {
            try {
                new SimplexOptimizer(1e-9, 1e-6)
                        .optimize(
                                new MaxEval(MAX_EVALUATIONS),
                                new ObjectiveFunction(this::at),
                                GoalType.MAXIMIZE,
                                new InitialGuess(best.clone()),
                                new NelderMeadSimplex(best.length, side));
            } catch (MathIllegalStateException e) {
                // Out of evaluations: the best point so far is kept, and Newton's steps say whether it is a maximum.
                return;
            }
        }

        /** Steps onto the maximum; the directions of {@link Fit}, or null. */
        double[][] newton() {
            for (int step = 0; step < MAX_NEWTON_STEPS; step++) {
                double[] here = best.clone();
                double value = most;
                RealMatrix matrix = information(here, value);
                if (!(matrix.getNorm1() < 1e100)) {
                    return null;
                }
                EigenDecompositionSymmetric information = new EigenDecompositionSymmetric(matrix);
                double[] curvatures = information.getEigenvalues();
                if (Arrays.stream(curvatures).min().orElse(0)
                        <= 1e-7 * Arrays.stream(curvatures).max().orElse(0)) {
                    return null;
                }
                double[] move = information
                        .getSolver()
                        .solve(new ArrayRealVector(gradient(here)))
                        .toArray();
                double[] there = new double[here.length];
                for (int i = 0; i < there.length; i++) {
                    there[i] = here[i] + move[i];
                }
                boolean isThere = Arrays.stream(move).allMatch(m -> Math.abs(m) < 1e-7);
                if (isThere || at(there) <= value) {
                    return directions(information);
                }
            }
            return null;
        }

        private static double[][] directions(EigenDecompositionSymmetric information) {
            int size = information.getEigenvalues().length;
            double[][] directions = new double[size][size];
            for (int d = 0; d < size; d++) {
                double deviation = 1 / Math.sqrt(information.getEigenvalue(d));
                for (int i = 0; i < size; i++) {
                    directions[i][d] = deviation * information.getEigenvector(d).getEntry(i);
                }
            }
            return directions;
        }

        private double[] gradient(double[] at) {
            double[] gradient = new double[at.length];
            for (int i = 0; i < at.length; i++) {
                gradient[i] = (at(moved(at, i, STEP, i, 0)) - at(moved(at, i, -STEP, i, 0))) / (2 * STEP);
            }
            return gradient;
        }

        private RealMatrix information(double[] at, double value) {
            RealMatrix information = MatrixUtils.createRealMatrix(at.length, at.length);
            for (int i = 0; i < at.length; i++) {
                double own = at(moved(at, i, STEP, i, 0)) - 2 * value + at(moved(at, i, -STEP, i, 0));
                information.setEntry(i, i, -own / (STEP * STEP));
                for (int j = 0; j < i; j++) {
                    double cross = at(moved(at, i, STEP, j, STEP))
                            - at(moved(at, i, STEP, j, -STEP))
                            - at(moved(at, i, -STEP, j, STEP))
                            + at(moved(at, i, -STEP, j, -STEP));
                    information.setEntry(i, j, -cross / (4 * STEP * STEP));
                    information.setEntry(j, i, -cross / (4 * STEP * STEP));
                }
            }
            return information;
        }

        private static double[] moved(double[] from, int i, double byI, int j, double byJ) {
            double[] moved = from.clone();
            moved[i] += byI;
            moved[j] += byJ;
            return moved;
        }
    }
}
