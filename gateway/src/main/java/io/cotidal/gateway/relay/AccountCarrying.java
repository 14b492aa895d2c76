package io.cotidal.gateway.relay;

import io.cotidal.gateway.answer.Telling.Reached;
import io.cotidal.gateway.outbox.Footing;
import io.cotidal.gateway.outbox.Open;
import io.cotidal.model.MemberId;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.objects.placing.Placing;
import io.cotidal.objects.swift.AccountHead;
import io.cotidal.objects.swift.SwiftTrouble;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.http.kept.Headers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Makes what an account says of itself the same at all sites. An account that is deleted at one
 * site is deleted nowhere else: with it goes all that is in it. Thread-safe.
 */
final class AccountCarrying {
  private static final Duration EACH = Duration.ofSeconds(10);

  private final Sites sites;
  private final Supplier<Placing> placing;
  private final Carrying.Tools tools;

  AccountCarrying(Sites sites, Supplier<Placing> placing, Carrying.Tools tools) {
    this.sites = sites;
    this.placing = placing;
    this.tools = tools;
  }

  Carried carry(Open open, Carried.Listener told, Deadline deadline) throws InterruptedException {
    Round round = new Round(open, deadline);
    try {
      round.run();
    } catch (SwiftTrouble e) {
      if (e.why() == SwiftTrouble.Why.INTERRUPTED) {
        throw e.interruption();
      }
      tools.rests().failed(sites.here(), e.getMessage(), System.nanoTime());
      return Carried.nothing(sites.here(), e.getMessage());
    } catch (IOException e) {
      return Carried.nothing(sites.here(), String.valueOf(e.getMessage()));
    }
    told.reached(new Reached(round.confirmed, placing.get().sites().size()));
    return new Carried(round.silent.isEmpty() && round.why.isEmpty(), round.silent, round.why);
  }

  private final class Round {
    private final Open open;
    private final String account;
    private final Deadline deadline;
    private final Set<MemberId> silent = new HashSet<>();
    private final List<String> why = new ArrayList<>();
    private final Map<MemberId, AccountState> states = new LinkedHashMap<>();
    private int confirmed;

    Round(Open open, Deadline deadline) {
      this.open = open;
      this.account = open.subject().account();
      this.deadline = deadline;
    }

    void run() throws SwiftTrouble, IOException, InterruptedException {
      tools.stamps().leave(open, deadline);
      look();
      AccountState here = states.get(sites.here());
      if (here == null) {
        // Deleted here, or not to be read: nothing to carry.
        return;
      }
      Map<MemberId, String> marks = new LinkedHashMap<>();
      states.forEach((site, state) -> marks.put(site, state.mark(account)));
      String before = open.footing() instanceof Footing.Known known ? known.agreed() : "";
      AccountChoice choice = AccountChoice.of(ordered(before, marks));
      tools.conflicts().append(account, choice.overruled());
      AccountState won = states.get(choice.winner());
      for (Map.Entry<MemberId, AccountState> each : states.entrySet()) {
        if (won != null) {
          write(each.getKey(), each.getValue().changes(won));
        }
      }
    }

    private void look() throws SwiftTrouble, InterruptedException {
      Map<MemberId, String> resting = tools.rests().now(System.nanoTime());
      for (MemberId site : placing.get().sites().keySet()) {
        if (resting.containsKey(site)) {
          silent.add(site);
          continue;
        }
        try {
          Optional<Optional<AccountHead>> seen = head(site);
          if (seen.isEmpty()) {
            why.add("site " + site + ": " + OwnSite.BUSY);
            continue;
          }
          Optional<AccountHead> head = seen.get();
          tools.rests().answered(site);
          if (head.isPresent() || !site.equals(sites.here())) {
            states.put(
                site,
                head.map(AccountHead::headers).map(AccountState::of).orElse(AccountState.EMPTY));
          }
        } catch (SwiftTrouble e) {
          failed(site, e);
        }
      }
    }

    /** Empty if a client is changing it at this site. */
    private Optional<Optional<AccountHead>> head(MemberId site)
        throws SwiftTrouble, InterruptedException {
      OwnSite.Asking<Optional<AccountHead>> asking =
          () -> sites.at(site).accounts().head(account, deadline.atMost(EACH));
      return site.equals(sites.here())
          ? tools.own().look(open.subject(), asking)
          : Optional.of(asking.ask());
    }

    private AccountChoice.Known ordered(String before, Map<MemberId, String> marks)
        throws InterruptedException {
      AccountChoice.Known first = new AccountChoice.Known(sites.here(), before, marks, Map.of());
      List<MemberId> beside = marks.keySet().stream().filter(first::beside).toList();
      Stamps.Known stamps = tools.stamps().read(open, beside, deadline);
      stamps
          .doubtful()
          .forEach((site, reason) -> {
            states.remove(site);
            marks.remove(site);
            why.add(reason);
          });
      Map<MemberId, Timestamp> known = stamps.stamps();
      return new AccountChoice.Known(sites.here(), before, marks, known);
    }

    private void write(MemberId site, List<Headers> changes) throws InterruptedException {
      if (!changes.isEmpty()) {
        try {
          if (!posted(site, changes)) {
            why.add("site " + site + ": somebody is changing it there");
            return;
          }
        } catch (SwiftTrouble e) {
          try {
            failed(site, e);
          } catch (SwiftTrouble mine) {
            why.add(mine.getMessage());
          }
          return;
        }
      }
      confirmed++;
    }

    /** Whether it could be done without a client of this site beside it. */
    private boolean posted(MemberId site, List<Headers> changes)
        throws SwiftTrouble, InterruptedException {
      Deadline soon = deadline.atMost(EACH);
      if (!site.equals(sites.here())) {
        post(site, changes, soon);
        return true;
      }
      OwnSite.Came came =
          tools
              .own()
              .act(
                  open, () -> seen(soon).equals(states.get(site)), () -> post(site, changes, soon));
      return came == OwnSite.Came.DONE;
    }

    private void post(MemberId site, List<Headers> changes, Deadline soon) throws SwiftTrouble {
      for (Headers each : changes) {
        sites.at(site).accounts().post(account, each, soon);
      }
    }

    private AccountState seen(Deadline soon) throws SwiftTrouble {
      return sites
          .own()
          .accounts()
          .head(account, soon)
          .map(AccountHead::headers)
          .map(AccountState::of)
          .orElse(AccountState.EMPTY);
    }

    /** What is the matter with this site is the matter with all of it. */
    private void failed(MemberId site, SwiftTrouble trouble)
        throws SwiftTrouble, InterruptedException {
      if (trouble.why() == SwiftTrouble.Why.INTERRUPTED) {
        throw trouble.interruption();
      }
      if (site.equals(sites.here())) {
        throw trouble;
      }
      if (trouble.siteWide()) {
        silent.add(site);
        tools.rests().failed(site, trouble.getMessage(), System.nanoTime());
      } else {
        why.add(Carried.reason(trouble));
      }
    }
  }
}
