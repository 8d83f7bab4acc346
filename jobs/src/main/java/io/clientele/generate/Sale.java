package io.clientele.generate;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;

/** One sale or return; {@code at} is wall time in Berlin. {@code person} is null for an anonymous sale. */
final class Sale {
    /** One line; a return's quantity is negative. {@code unitPrice} is in the sale's currency, {@code discount} for the line. */
    record Line(Catalogue.Product product, int quantity, long unitPriceCents, long discountCents) {
        long netCents() {
            return quantity * unitPriceCents - discountCents;
        }
    }

    final Person person;
    final LocalDateTime at;
    final boolean isWeb;
    final String store;
    final List<Line> lines = new ArrayList<>();

    /** The sale that a return takes back; null for a sale. */
    final Sale original;

    /** The number printed on it, given once all sales are in order. */
    String id;

    Sale(Person person, LocalDateTime at, boolean isWeb, String store, Sale original) {
        this.person = person;
        this.at = at;
        this.isWeb = isWeb;
        this.store = store;
        this.original = original;
    }

    String currency() {
        return person == null ? "EUR" : person.market().currency();
    }

    long netCents() {
        return lines.stream().mapToLong(Line::netCents).sum();
    }
}
