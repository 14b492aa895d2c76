package io.cotidal.objects.state;

import io.cotidal.model.MemberId;
import java.util.List;

/** What is to be done about a container at one site. Doing any of them twice changes nothing. */
public sealed interface Act {
  /** Where. */
  MemberId site();

  /** What is to be done, in one sentence without a value. */
  String sentence();

  /**
   * How the container looks there when the site has done it and nobody else was at it.
   *
   * @param before how it looked when this was decided
   */
  default Look outcome(Look before) {
    return switch (this) {
      case Create act -> made(act.policy(), act.change());
      case Undelete act -> made(act.policy(), act.change());
      case Post act when before instanceof Look.Seen seen -> act.on(seen);
      case Delete _ -> new Look.Absent();
      case Post _, Drain _, Hold _ -> before;
    };
  }

  private static Look made(String policy, Change change) {
    return new Look.Seen(ContainerState.plain(policy).after(change), "", 0, 0);
  }

  /**
   * Make it.
   *
   * @param policy how the storage policy is called there; empty for the site's usual one
   * @param change all headers of the request
   * @param becomes what it is afterwards
   */
  record Create(MemberId site, String policy, Change change, Agreed.Base.Held becomes)
      implements Act {
    @Override
    public String sentence() {
      return "create it at " + site;
    }
  }

  /** Make it again where it was deleted: somebody wrote to it elsewhere. */
  record Undelete(MemberId site, String policy, Change change, Agreed.Base.Held becomes)
      implements Act {
    @Override
    public String sentence() {
      return "create it at " + site + " again: somebody wrote to it elsewhere";
    }
  }

  /**
   * Bring its state to what was agreed.
   *
   * @param requests one or several, in that order
   * @param becomes what it is afterwards
   */
  record Post(MemberId site, List<Change> requests, Agreed.Base.Held becomes) implements Act {
    /** Copies the list. */
    public Post {
      requests = List.copyOf(requests);
    }

    /** Whether it gives it a sync key, and changes nothing that a client could have set. */
    public boolean keyOnly() {
      return requests.stream().allMatch(Change::keyOnly);
    }

    private Look on(Look.Seen seen) {
      ContainerState state = seen.state();
      for (Change each : requests) {
        state = state.after(each);
      }
      return new Look.Seen(state, "", seen.objects(), seen.bytes());
    }

    @Override
    public String sentence() {
      return "bring it up to date at " + site;
    }
  }

  /** Delete it: nothing is in it. The site itself refuses if that is no longer so. */
  record Delete(MemberId site) implements Act {
    @Override
    public String sentence() {
      return "delete it at " + site;
    }
  }

  /**
   * Delete its objects first, all of which are gone where it was deleted.
   *
   * @param objects how many; the brake counts them
   */
  record Drain(MemberId site, long objects) implements Act {
    @Override
    public String sentence() {
      return "delete %d objects at %s that were deleted elsewhere".formatted(objects, site);
    }
  }

  /**
   * Do nothing there now.
   *
   * @param reason in one line
   */
  record Hold(MemberId site, String reason) implements Act {
    @Override
    public String sentence() {
      return "wait at " + site + ": " + reason;
    }
  }
}
