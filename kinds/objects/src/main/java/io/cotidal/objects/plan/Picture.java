package io.cotidal.objects.plan;

import io.cotidal.engine.MemberState;
import io.cotidal.engine.State;
import io.cotidal.model.MemberId;
import io.cotidal.model.Operation;
import io.cotidal.objects.observe.ObjectsFacts;
import io.cotidal.objects.spec.ObjectsSpec;
import io.cotidal.objects.spec.Site;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A namespace as it is wanted and as it was seen. */
record Picture(ObjectsSpec spec, State<ObjectsFacts> state) {
  /** What the site showed when it was looked at last, if it answered. */
  Optional<ObjectsFacts.Site> site(MemberId member) {
    MemberState<ObjectsFacts> known = state.member(member);
    return known != null && known.facts() instanceof ObjectsFacts.Site seen
        ? Optional.of(seen)
        : Optional.empty();
  }

  /** What the last comparison showed, even if it could not go on since. */
  Optional<ObjectsFacts.Namespace> namespace() {
    MemberState<ObjectsFacts> known = state.member(ObjectsSpec.NAMESPACE);
    return known != null && known.known() instanceof ObjectsFacts.Namespace seen
        ? Optional.of(seen)
        : Optional.empty();
  }

  /** Sites that did not answer the latest look. */
  Set<MemberId> silent() {
    return spec.sites().stream()
        .map(Site::member)
        .filter(member -> site(member).isEmpty())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Sites whose clocks are surely wrong. */
  Set<MemberId> skewed() {
    long most = spec.care().skew().toMillis();
    return spec.sites().stream()
        .map(Site::member)
        .filter(member -> site(member).filter(seen -> seen.surelyOff() > most).isPresent())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Whether somebody works on that container. */
  boolean worked(ObjectsFacts.Difference difference) {
    return state
        .open()
        .filter(operation -> underWay(operation))
        .anyMatch(operation ->
            operation.input().get(Acts.ACCOUNT, "").equals(difference.account())
                && operation.input().get(Acts.CONTAINER, "").equals(difference.container()));
  }

  private static boolean underWay(Operation operation) {
    return operation.state().underWay();
  }
}
