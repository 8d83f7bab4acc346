package io.clientele.mining.value.lifetime;

import io.clientele.mining.value.lifetime.MaximumLikelihood.Fit;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Fits of the models to grouped customers. Times are scaled to about one while a maximum is sought. */
final class LifetimeFits {
    /** Groups among which a maximum is found roughly, before it is sought among all. */
    private static final int ROUGHLY = 4000;

    private LifetimeFits() {}

    /** The maximum likelihood fit; null where nobody has an age or nobody bought again. */
    static Fit purchases(PurchaseModel.Kind kind, PurchaseGroups groups) {
        double scale = groups.maxTime();
        if (!(scale > 0) || !(groups.meanRate() > 0)) {
            return null;
        }
        PurchaseGroups scaled = groups.scaled(1 / scale);
        PurchaseGroups rough = scaled.merged(ROUGHLY);
        Fit fit = MaximumLikelihood.fit(
                parameters -> kind.of(parameters).logLikelihood(rough),
                parameters -> kind.of(parameters).logLikelihood(scaled),
                kind.start(scaled.meanRate(), scaled.meanAge()));
        double[] factors = new double[fit.parameters().length];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = kind.isTime(i) ? scale : 1;
        }
        Fit inUnits = fit.inUnits(factors);
        // The density of purchase times is per time unit, so the scaled likelihood differs by a constant.
        return new Fit(inUnits.parameters(), kind.of(inUnits.parameters()).logLikelihood(groups), inUnits.deviations());
    }

    /** The fit of the value of purchases; null where there are no customers. */
    static Fit values(List<GammaGamma.Group> groups) {
        double customers = groups.stream().mapToDouble(GammaGamma.Group::count).sum();
        if (!(customers > 0)) {
            return null;
        }
        double logScale =
                groups.stream().mapToDouble(g -> g.count() * g.logMean()).sum() / customers;
        double scale = Math.exp(logScale);
        List<GammaGamma.Group> scaled = GammaGamma.sorted(groups.stream()
                .map(g -> new GammaGamma.Group(g.x(), g.logMean() - logScale, g.count()))
                .toList());
        ToDoubleFunction<double[]> logLikelihood = p -> new GammaGamma(p[0], p[1], p[2]).logLikelihood(scaled);
        Fit fit = MaximumLikelihood.fit(logLikelihood, logLikelihood, new double[] {3, 3, 1});
        Fit inUnits = fit.inUnits(new double[] {1, 1, scale});
        double[] p = inUnits.parameters();
        return new Fit(
                p, new GammaGamma(p[0], p[1], p[2]).logLikelihood(GammaGamma.sorted(groups)), inUnits.deviations());
    }
}
