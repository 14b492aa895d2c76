package io.cotidal.objects.plan;

import io.cotidal.model.Details;
import io.cotidal.model.Diagnosis;
import io.cotidal.model.MemberId;
import io.cotidal.model.Severity;
import io.cotidal.objects.spec.Site.Role;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** How a namespace stands, the worst first. */
sealed interface ObjectsDiagnosis extends Diagnosis {
  private static String names(Set<MemberId> members) {
    return new TreeSet<>(members).stream().map(MemberId::name).collect(Collectors.joining(", "));
  }

  /** Nothing has been seen of any site. */
  record Unseen(Details evidence) implements ObjectsDiagnosis {
    @Override
    public String code() {
      return "unseen";
    }

    @Override
    public String sentence() {
      return "no site has answered yet";
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }
  }

  /** The later write stays: by these clocks the wrong one would. */
  record ClockSkew(Set<MemberId> sites, long millis, Details evidence) implements ObjectsDiagnosis {
    @Override
    public String code() {
      return "clock-skew";
    }

    @Override
    public String sentence() {
      return "nothing is decided while the clock of %s is %d ms off: by it an older write would be later; set it"
          .formatted(names(sites), millis);
    }

    @Override
    public Severity severity() {
      return Severity.CRITICAL;
    }
  }

  /** The others go on, and it gets what it missed. */
  record SiteSilent(Set<MemberId> sites, Details evidence) implements ObjectsDiagnosis {
    @Override
    public String code() {
      return "site-silent";
    }

    @Override
    public String sentence() {
      return names(sites)
          + " cannot be read; the others are kept equal, and it gets what it misses";
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }
  }

  /** Somebody must say so. */
  record Held(long containers, long deletions, Details evidence) implements ObjectsDiagnosis {
    @Override
    public String code() {
      return "deletions-held";
    }

    @Override
    public String sentence() {
      return "%d deletions in %d containers wait for an approval: they are too many to be carried on unasked"
          .formatted(deletions, containers);
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }
  }

  /** The first comparison is under way. */
  record Comparing(Details evidence) implements ObjectsDiagnosis {
    @Override
    public String code() {
      return "comparing";
    }

    @Override
    public String sentence() {
      return "everything is being compared for the first time";
    }

    @Override
    public Severity severity() {
      return Severity.INFO;
    }
  }

  /** Something is to be copied, deleted or set. */
  record Differs(long containers, long copies, long bytes, Details evidence)
      implements ObjectsDiagnosis {
    @Override
    public String code() {
      return "differs";
    }

    @Override
    public String sentence() {
      return "%d containers are not the same everywhere; %d objects (%d bytes) are missing or older somewhere"
          .formatted(containers, copies, bytes);
    }

    @Override
    public Severity severity() {
      return Severity.INFO;
    }
  }

  /** The same, but that people made of a site what the configuration does not say. */
  record Promoted(SortedMap<MemberId, Role> roles, Details evidence) implements ObjectsDiagnosis {
    @Override
    public String code() {
      return "promoted";
    }

    @Override
    public String sentence() {
      return "everything is the same at every site; "
          + roles.entrySet().stream().map(Promoted::one).collect(Collectors.joining("; "));
    }

    private static String one(Map.Entry<MemberId, Role> each) {
      boolean active = each.getValue() == Role.ACTIVE;
      return "%s was %s: write role: %s in the configuration, or %s it"
          .formatted(
              each.getKey(),
              active ? "promoted" : "demoted",
              active ? "active" : "backup",
              active ? "demote" : "promote");
    }

    @Override
    public Severity severity() {
      return Severity.INFO;
    }
  }

  /**
   * All is equal, and some of it lies where no rule names it.
   *
   * @param stays how many of the containers cannot be given up
   * @param first one of those, with the reason; empty if there is none
   */
  record Leaving(long containers, long objects, long stays, String first, Details evidence)
      implements ObjectsDiagnosis {
    @Override
    public String code() {
      return "leaving";
    }

    @Override
    public String sentence() {
      return "everything is the same at every site; %d containers (%d objects) lie at sites that their rules do not name"
              .formatted(containers, objects)
          + (stays == 0 ? "" : "; %d of them cannot be given up: %s".formatted(stays, first));
    }

    @Override
    public Severity severity() {
      return Severity.INFO;
    }
  }

  /** Everything is the same everywhere. */
  record Equal(long containers, long objects, Details evidence) implements ObjectsDiagnosis {
    @Override
    public String code() {
      return "equal";
    }

    @Override
    public String sentence() {
      return "%d containers with %d objects are the same at every site"
          .formatted(containers, objects);
    }

    @Override
    public Severity severity() {
      return Severity.INFO;
    }
  }
}
