package io.cotidal.sources;

import io.cotidal.engine.MemberSource;
import io.cotidal.sources.asking.Asking;
import io.cotidal.sources.asking.Gathered;
import io.cotidal.sources.places.ConsulPlace;
import io.cotidal.sources.places.DnsPlace;
import io.cotidal.sources.places.DockerPlace;
import io.cotidal.sources.places.FilePlace;
import io.cotidal.sources.places.FixedPlace;
import io.cotidal.sources.places.HttpPlace;
import io.cotidal.sources.places.KubernetesPlace;
import io.cotidal.sources.places.RancherPlace;
import io.cotidal.sources.roll.Gathering;
import io.cotidal.sources.spec.Habits;
import io.cotidal.sources.spec.SourceSpec;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Opens sources.
 *
 * @param executor runs each question; best a virtual thread for each, for it must not run out of
 *     threads while a server hangs
 */
public record Sources(Executor executor) {
  /**
   * The source that is wanted. Nothing is asked before the first {@link MemberSource#ask}.
   *
   * @throws IllegalArgumentException with reason and remedy if an address or a name in it is none
   */
  public MemberSource open(SourceSpec spec) {
    return switch (spec) {
      case SourceSpec.Fixed fixed ->
          new Asking(new FixedPlace(fixed), Habits.USUAL.believingEmpty(true), executor);
      case SourceSpec.File file -> new Asking(new FilePlace(file), file.habits(), executor);
      case SourceSpec.Http http -> new Asking(new HttpPlace(http), http.habits(), executor);
      case SourceSpec.Dns dns -> new Asking(new DnsPlace(dns), dns.habits(), executor);
      case SourceSpec.Rancher rancher ->
          new Asking(new RancherPlace(rancher), rancher.habits(), executor);
      case SourceSpec.Consul consul ->
          new Asking(new ConsulPlace(consul), consul.habits(), executor);
      case SourceSpec.Docker docker ->
          new Asking(new DockerPlace(docker), docker.habits(), executor);
      case SourceSpec.Kubernetes kubernetes ->
          new Asking(new KubernetesPlace(kubernetes), kubernetes.habits(), executor);
      case SourceSpec.Union union -> new Gathered(Gathering.UNION, all(union.parts()), executor);
      case SourceSpec.Intersection intersection ->
          new Gathered(Gathering.INTERSECTION, all(intersection.parts()), executor);
    };
  }

  private List<MemberSource> all(List<SourceSpec> parts) {
    return parts.stream().map(this::open).toList();
  }
}
