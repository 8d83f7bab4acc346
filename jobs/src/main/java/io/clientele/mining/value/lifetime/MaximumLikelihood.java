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

    /**
     * Seeks the maximum from a start.
     *
     * @param rough a function of which the maximum is near that of the other, and which costs less, or the same: most steps
     *     are made on it
     */
    static Fit fit(ToDoubleFunction<double[]> rough, ToDoubleFunction<double[]> logLikelihood, double[] start) {
        Search near = new Search(rough);
        near.at(Arrays.stream(start).map(Math::log).toArray());
        // A simplex may collapse before it is there; a second one starts afresh where the first ended.
        near.simplex(.5);
        near.simplex(.05);
        Search search = new Search(logLikelihood);
        search.at(near.best);
        double[][] deviations = search.newton();
        if (deviations == null && rough != logLikelihood) {
            search.simplex(.05);
            deviations = search.newton();
        }
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
                double[] gradient = new double[here.length];
                RealMatrix matrix = information(here, value, gradient);
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
                        .solve(new ArrayRealVector(gradient))
                        .toArray();
                if (Arrays.stream(move).allMatch(m -> Math.abs(m) < 1e-7) || !move(here, value, move)) {
                    return directions(information);
                }
            }
            return null;
        }

        /** Moves from a point, by a half or a quarter where all of it is too far; whether that is better. */
        private boolean move(double[] here, double value, double[] move) {
            for (double share = 1; share >= .25; share /= 2) {
                double[] there = here.clone();
                for (int i = 0; i < there.length; i++) {
                    there[i] += share * move[i];
                }
                if (at(there) > value) {
                    return true;
                }
            }
            return false;
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

        /** The second derivatives with their sign turned, by central differences; the first ones go into {@code gradient}. */
        private RealMatrix information(double[] at, double value, double[] gradient) {
            int size = at.length;
            double[] forward = new double[size];
            double[] back = new double[size];
            RealMatrix information = MatrixUtils.createRealMatrix(size, size);
            for (int i = 0; i < size; i++) {
                forward[i] = at(moved(at, i, STEP, i, 0));
                back[i] = at(moved(at, i, -STEP, i, 0));
                gradient[i] = (forward[i] - back[i]) / (2 * STEP);
                information.setEntry(i, i, -(forward[i] - 2 * value + back[i]) / (STEP * STEP));
                for (int j = 0; j < i; j++) {
                    double both = at(moved(at, i, STEP, j, STEP)) + at(moved(at, i, -STEP, j, -STEP)) + 2 * value;
                    double cross = both - forward[i] - back[i] - forward[j] - back[j];
                    information.setEntry(i, j, -cross / (2 * STEP * STEP));
                    information.setEntry(j, i, -cross / (2 * STEP * STEP));
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
