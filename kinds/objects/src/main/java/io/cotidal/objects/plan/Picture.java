package io.cotidal.objects.plan;

import io.cotidal.engine.MemberState;
import io.cotidal.engine.State;
import io.cotidal.model.MemberId;
import io.cotidal.model.Operation;
import io.cotidal.objects.observe.Notice;
import io.cotidal.objects.observe.ObjectsFacts;
import io.cotidal.objects.placing.Announcement;
import io.cotidal.objects.placing.Placing;
import io.cotidal.objects.spec.ObjectsSpec;
import io.cotidal.objects.spec.Site;
import io.cotidal.objects.spec.Site.Role;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
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

  /** Sites that answered the latest look, in the order of the configuration. */
  List<MemberId> answering() {
    return spec.sites().stream()
        .map(Site::member)
        .filter(member -> site(member).isPresent())
        .toList();
  }

  /** What people made of sites, against the configuration. */
  SortedMap<MemberId, Role> said() {
    TreeMap<MemberId, Role> said = new TreeMap<>();
    namespace().ifPresent(seen -> said.putAll(seen.roles()));
    said.entrySet()
        .removeIf(each ->
            spec.site(each.getKey()).filter(site -> site.role() != each.getValue()).isEmpty());
    return said;
  }

  /** What a site is for now. */
  Role role(Site site) {
    return said().getOrDefault(site.member(), site.role());
  }

  /** What gateways are to be told. */
  Placing placing() {
    return Placing.of(spec, 0).serving(said());
  }

  /** Sites that answer, and have not yet what gateways are to be told. */
  List<MemberId> untold() {
    Optional<ObjectsFacts.Namespace> seen = namespace();
    if (seen.isEmpty() || !announced(seen.get()) || appointing()) {
      return List.of();
    }
    String mark = Announcement.of(placing()).mark();
    long highest =
        Math.max(
            seen.get().kept().generation(),
            spec.sites().stream()
                .flatMap(site -> known(site.member()).stream())
                .mapToLong(each -> each.notice().generation())
                .max()
                .orElse(0));
    return answering().stream()
        .filter(member ->
            switch (site(member).orElseThrow().notice()) {
              case Notice.Nothing _ -> true;
              case Notice.Lies lies -> !lies.mark().equals(mark) || lies.generation() != highest;
              // What cannot be read is read again by the next look.
              case Notice.Unasked _, Notice.Unknown _ -> false;
            })
        .toList();
  }

  /** Whether somebody is being promoted or demoted, which tells all sites itself. */
  private boolean appointing() {
    return state
        .open()
        .filter(operation -> underWay(operation))
        .map(Operation::type)
        .anyMatch(
            type -> type.equals(Appoint.PROMOTE.name()) || type.equals(Appoint.DEMOTE.name()));
  }

  /** Sites of people who use no gateway are left alone. */
  private boolean announced(ObjectsFacts.Namespace seen) {
    return spec.gateways() || !said().isEmpty() || seen.kept() instanceof Notice.Lies;
  }

  /** What the site showed when it answered last. */
  private Optional<ObjectsFacts.Site> known(MemberId member) {
    MemberState<ObjectsFacts> known = state.member(member);
    return known != null && known.known() instanceof ObjectsFacts.Site seen
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
