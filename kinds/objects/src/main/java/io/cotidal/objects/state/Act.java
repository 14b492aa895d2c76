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
   * @param requests one or two, in that order
   * @param becomes what it is afterwards
   */
  record Post(MemberId site, List<Change> requests, Agreed.Base.Held becomes) implements Act {
    /** Copies the list. */
    public Post {
      requests = List.copyOf(requests);
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
