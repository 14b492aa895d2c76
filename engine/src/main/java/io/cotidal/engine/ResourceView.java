package io.cotidal.engine;

import io.cotidal.model.Details;
import io.cotidal.model.Diagnosis;
import io.cotidal.model.Item;
import io.cotidal.model.LinkView;
import io.cotidal.model.MemberView;
import io.cotidal.model.Mode;
import io.cotidal.model.Operation;
import io.cotidal.model.Pause;
import io.cotidal.model.Progress;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Wanted;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A resource as every screen shows it, at one moment.
 *
 * @param micros wall time of the moment
 * @param leading whether this control plane may act on it
 * @param epoch under which it acts
 * @param diagnosis the verdict
 * @param inSync whether nothing is wanted
 * @param wanted what the planner would like to have done
 * @param guarantee what holds for acknowledged writes right now, in one sentence; empty if the kind
 *     makes no promise
 * @param operations open ones and recent ones, newest first
 * @param progress of steps under way, by operation number and then sequence, as {@code
 *     number.sequence}
 * @param items by sort and name
 * @param membership where the members come from, and who is gone
 * @param pause if nothing is to be done by itself; null if not
 */
public record ResourceView(
    ResourceId id,
    long micros,
    Mode mode,
    boolean leading,
    long epoch,
    Diagnosis diagnosis,
    boolean inSync,
    List<Wanted> wanted,
    String guarantee,
    Details ledger,
    List<MemberView> members,
    List<LinkView> links,
    List<Operation> operations,
    Map<String, Progress> progress,
    List<Item> items,
    MembershipView membership,
    @Nullable Pause pause) {
  /** Of a resource whose members the configuration names, and of which nobody is gone. */
  public ResourceView(
      ResourceId id,
      long micros,
      Mode mode,
      boolean leading,
      long epoch,
      Diagnosis diagnosis,
      boolean inSync,
      List<Wanted> wanted,
      String guarantee,
      Details ledger,
      List<MemberView> members,
      List<LinkView> links,
      List<Operation> operations,
      Map<String, Progress> progress,
      List<Item> items) {
    this(
        id,
        micros,
        mode,
        leading,
        epoch,
        diagnosis,
        inSync,
        wanted,
        guarantee,
        ledger,
        members,
        links,
        operations,
        progress,
        items,
        MembershipView.CONFIGURED,
        null);
  }

  /** Copies the collections. */
  public ResourceView {
    wanted = List.copyOf(wanted);
    members = List.copyOf(members);
    links = List.copyOf(links);
    operations = List.copyOf(operations);
    progress = Map.copyOf(progress);
    items = List.copyOf(items);
  }

  /** The same with other items: those that one caller may see. */
  public ResourceView withItems(List<Item> seen) {
    return new ResourceView(
        id,
        micros,
        mode,
        leading,
        epoch,
        diagnosis,
        inSync,
        wanted,
        guarantee,
        ledger,
        members,
        links,
        operations,
        progress,
        seen,
        membership,
        pause);
  }

  /** The same at another moment, at which nothing was different but the time. */
  public ResourceView at(long otherMicros, long answeredMicros) {
    return new ResourceView(
        id,
        otherMicros,
        mode,
        leading,
        epoch,
        diagnosis,
        inSync,
        wanted,
        guarantee,
        ledger,
        members,
        links,
        operations,
        progress,
        items,
        membership.answeredAt(answeredMicros),
        pause);
  }
}
