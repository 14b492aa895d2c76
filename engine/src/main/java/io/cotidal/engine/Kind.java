package io.cotidal.engine;

import io.cotidal.model.Action;
import io.cotidal.model.Details;
import io.cotidal.model.Diagnosis;
import io.cotidal.model.Found;
import io.cotidal.model.LinkView;
import io.cotidal.model.MemberId;
import io.cotidal.model.MemberView;
import io.cotidal.model.Spec;
import io.cotidal.model.Step;
import io.cotidal.model.Wanted;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a kind of resource contributes to the engine: how to read facts, what to want, how to get
 * there. Every method is pure and cheap; the engine calls them on its own thread of control.
 *
 * @param <S> the kind's spec
 * @param <F> the facts that it reads from a member that answers
 */
public interface Kind<S extends Spec, F> {
  /** Input: the action that was asked for, if the operation's type has another name. */
  String ASKED_AS = "asked-as";

  /** The kind's word, for example {@code postgres}. */
  String name();

  /**
   * The part of {@code facts} that can change a plan: roles, timelines, links, thresholds crossed;
   * never a lag or an age. Compared by {@code equals}; its text goes into the basis.
   */
  Object essence(S spec, F facts);

  /** The verdict on the resource as it stands. */
  Diagnosis diagnose(S spec, State<F> state);

  /**
   * What else is to be said of the resource as it stands. Asked whenever anything has changed.
   *
   * @param before the memory that the last answer gave back; empty at first
   */
  default Remarks remark(S spec, State<F> state, Details before) {
    return Remarks.none(before);
  }

  /**
   * What should be done; empty means in sync. Called with every open operation in {@code state}, so
   * that a planner does not want again what is under way; the engine supersedes proposals that are
   * no longer wanted.
   */
  List<Wanted> plan(S spec, State<F> state);

  /** The operation type of that name, if the kind has it. */
  Optional<OperationType<S, F>> operation(String type);

  /**
   * The member on which a heartbeat keeps ages fresh and proves that the disk takes writes, if
   * there is one now.
   */
  Optional<MemberId> heartbeat(S spec, State<F> state);

  /**
   * The spec with another membership, as a source answered it.
   *
   * @param found all members, in the source's order
   */
  S withMembers(S spec, List<Found> found);

  /**
   * The members that the ledger knows, whether or not the spec names them. Those that it does not
   * name any more are {@link State#departed}.
   */
  default Set<MemberId> remembered(Details ledger) {
    return Set.of();
  }

  /** The members as screens show them, in the spec's order. */
  List<MemberView> members(S spec, State<F> state);

  /** The replication paths as screens show them, planned ones included. */
  List<LinkView> links(S spec, State<F> state);

  /**
   * What holds for acknowledged writes right now, in one sentence; empty if the kind makes no
   * promise.
   */
  String guarantee(S spec, State<F> state);

  /** What people can ask of such a resource. */
  List<Action> actions();

  /**
   * What an action that is a choice comes to as things stand: the operation type that the request
   * begins, and its input. The input that was asked for and the action's name ({@link #ASKED_AS})
   * are kept in the operation's.
   *
   * @throws IllegalArgumentException with place, reason and remedy in one line if it comes to
   *     nothing
   */
  default Command.Begin meant(S spec, State<F> state, Command.Begin asked) {
    return asked;
  }

  /**
   * The input of an operation that a person asks for, checked against spec and state and completed
   * with what follows from them.
   *
   * @throws IllegalArgumentException with place, reason and remedy in one line; a {@link Declined}
   *     if nothing is wrong with the request itself
   */
  Details prepare(S spec, State<F> state, Command.Begin asked);

  /**
   * Whether only a look shows what {@code step} has changed, so that nothing is planned between its
   * act and the next look. Not so where plans rest on the resource's items.
   */
  default boolean awaitsLook(Step step) {
    return true;
  }

  /** Wall time, in microseconds, at which time alone changes the plan; far away if it does not. */
  default long due(S spec, State<F> state) {
    return Long.MAX_VALUE;
  }
}
