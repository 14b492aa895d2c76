package io.cotidal.app.kinds;

import io.cotidal.app.config.Configuration;
import io.cotidal.app.config.KindSection;
import io.cotidal.engine.Kind;
import io.cotidal.engine.ResourceView;
import io.cotidal.engine.SecretStore;
import io.cotidal.model.Action;
import io.cotidal.model.ResourceId;
import io.cotidal.remote.Deadline;
import io.cotidal.runtime.Clock;
import io.cotidal.runtime.ControlPlane;
import io.cotidal.runtime.Daemon;
import io.cotidal.runtime.Managed;
import io.cotidal.server.CompatListener;
import io.cotidal.server.Doctor;
import io.cotidal.server.Intake;
import io.cotidal.server.ServerOptions;
import io.cotidal.server.access.Credentials;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/** All that the house must know of one kind. Without state: what runs is {@link Open}. */
public interface Wing {
  /** What decides for its resources. */
  Kind<?, ?> kind();

  /** How its part of the configuration is read. */
  KindSection<?> section();

  /** What people can ask of its resources. */
  List<Action> actions();

  /**
   * What the configuration says of each resource of this kind: records that are equal if they want
   * the same, secrets included.
   */
  Map<ResourceId, Object> wanted(Configuration configuration);

  /**
   * Makes ready what the configuration wants of this kind; nothing runs yet.
   *
   * @param basis what there is before any kind
   */
  Open open(Configuration configuration, Basis basis);

  /**
   * What a wing is built on before the daemon is there.
   *
   * @param secrets for what its resources must remember and nobody else may read
   * @param replicas where a kind finds data of another's members
   */
  record Basis(SecretStore secrets, Replicas replicas) {}

  /** One daemon's share of a kind. */
  interface Open extends AutoCloseable {
    /** What the daemon runs from its start on; the daemon closes their drivers. */
    List<Managed<?, ?>> resources();

    /** How resources of this kind change while the daemon runs; empty if that takes a restart. */
    default Optional<Exchange> exchange() {
      return Optional.empty();
    }

    /** What a doctor finds on the daemon's host; read-only. */
    default List<Doctor.Check> checks() {
      return List.of();
    }

    /** What takes in the bodies that come with an action; called once, before {@link #start}. */
    default List<Intake> intakes(ControlPlane plane) {
      return List.of();
    }

    /**
     * Begins what is not a resource: listeners, folders that are watched. Called once the daemon
     * runs.
     *
     * @throws IOException if it cannot; {@link #close} is called then
     */
    default void start(Ground ground) throws IOException {}

    /** Ends what {@link #start} began, before the daemon ends; does nothing if nothing began. */
    @Override
    default void close() {}
  }

  /** How resources of one kind change while the daemon runs. */
  interface Exchange {
    /**
     * The resource as the configuration wants it; nothing runs yet and nothing is touched.
     *
     * @param id of one that the configuration names
     */
    Managed<?, ?> resource(Configuration next, ResourceId id);

    /**
     * Why a running resource must not become what the configuration wants, or be let go of if it
     * does not name it; empty if it may.
     */
    Optional<String> objection(Configuration next, ResourceView running);

    /**
     * What a change would bring about beyond the keys that differ, a line each. Asked for a
     * rehearsal only, of several resources at the same time; changes nothing.
     *
     * @param id of one that runs, and that the configuration names
     * @param deadline for all that is asked; what is not known by then is told as unknown
     */
    default List<String> foreseen(Configuration next, ResourceId id, Deadline deadline) {
      return List.of();
    }

    /**
     * The configuration is in force for those resources; what else this kind runs follows it.
     *
     * @param changed what runs anew, or not any more
     */
    void applied(Configuration next, Set<ResourceId> changed);
  }

  /**
   * The running house that a wing stands on.
   *
   * @param credentials of the API, for listeners of the wing's own
   * @param options of the API's listener
   * @param plane takes what people ask, if this daemon takes commands
   * @param mount puts a protocol on the API's listener, below the word that is named first
   */
  record Ground(
      Daemon daemon,
      ControlPlane plane,
      Clock clock,
      Credentials credentials,
      ServerOptions options,
      BiConsumer<String, CompatListener.Protocol> mount) {}
}
