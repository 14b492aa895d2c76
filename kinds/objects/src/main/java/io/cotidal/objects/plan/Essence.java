package io.cotidal.objects.plan;

import io.cotidal.model.MemberId;
import io.cotidal.objects.observe.Notice;
import io.cotidal.objects.observe.ObjectsFacts;
import io.cotidal.objects.spec.ObjectsSpec;
import java.util.Set;
import java.util.TreeSet;

/**
 * What of a look is news, and what of it an approval rests on: which containers wait for one, not
 * how many objects move meanwhile.
 *
 * @param text what an approval rests on
 * @param news everything that can change a plan, compared by {@code equals}
 */
record Essence(String text, Object news) {
  static Essence of(ObjectsSpec spec, ObjectsFacts facts) {
    return switch (facts) {
      case ObjectsFacts.Site seen -> {
        boolean off = seen.surelyOff() > spec.care().skew().toMillis();
        yield new Essence(off ? "clock off" : "site", new News(off, seen.notice()));
      }
      case ObjectsFacts.Namespace seen -> new Essence("held " + held(seen), seen);
    };
  }

  /** What of a site changes a plan. */
  private record News(boolean off, Notice notice) {}

  private static Set<String> held(ObjectsFacts.Namespace seen) {
    Set<String> held = new TreeSet<>();
    seen.differing()
        .values()
        .forEach(each -> {
          if (each.braked()) {
            held.add(each.account() + "/" + each.container());
          }
        });
    seen.unread().stream().map(MemberId::name).forEach(name -> held.add("unread " + name));
    return held;
  }

  /** The part that goes into the basis of a plan. */
  @Override
  public String toString() {
    return text;
  }
}
