package io.clientele.engine.config;

import io.clientele.engine.error.ClienteleException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Collects the faults of all files, so that the user sees all of them at once. */
public final class Faults {
  private final List<Fault> all = new ArrayList<>();

  /** Notes a fault. */
  public void add(String file, String key, String expected, String found) {
    all.add(new Fault(file, key, expected, found, null));
  }

  /** Notes a name that is none of those known, with the one that was probably meant. */
  public void addUnknown(String file, String key, String kind, String found, Collection<String> known) {
    String suggestion = Suggestion.closest(found, known).orElse(null);
    String names = known.stream().sorted().collect(Collectors.joining(", "));
    all.add(new Fault(file, key, "a known " + kind + " (" + names + ")", "'" + found + "'", suggestion));
  }

  /** Notes a fault. */
  public void add(Fault fault) {
    all.add(fault);
  }

  /** What was noted so far, in order. */
  public List<Fault> all() {
    return List.copyOf(all);
  }

  /** The number of faults noted so far: lets a caller see whether a step added some. */
  public int count() {
    return all.size();
  }

  /** Throws one configuration error that lists every fault, if there is one. */
  public void throwIfAny() {
    if (!all.isEmpty()) {
      throw ClienteleException.configuration("%s", message());
    }
  }

  private String message() {
    String head = all.size() == 1 ? "The configuration has 1 fault:" : "The configuration has " + all.size() + " faults:";
    return all.stream().map(fault -> "\n- " + fault).collect(Collectors.joining("", head, ""));
  }
}
