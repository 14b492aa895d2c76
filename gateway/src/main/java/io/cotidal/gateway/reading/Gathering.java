package io.cotidal.gateway.reading;

import io.cotidal.gateway.door.Answer;
import io.cotidal.gateway.door.Elsewhere;
import io.cotidal.gateway.door.Field;
import io.cotidal.model.MemberId;
import io.cotidal.objects.swift.AccountPage;
import io.cotidal.objects.swift.SwiftTrouble;
import io.cotidal.remote.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One list of an account is gathered from all sites. */
final class Gathering implements Elsewhere {
  private static final Logger LOG = LoggerFactory.getLogger(Gathering.class);
  private static final String COUNT = "X-Account-Container-Count";
  private static final String MISSING = "X-Cotidal-Missing";
  private static final String TYPE = "Content-Type";

  /** So long a site may take for all pages that are needed of it. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String account;
  private final Asked asked;
  private final List<MemberId> sites;
  private final Means means;
  private Answer own = new Answer(204, List.of());

  /**
   * By what.
   *
   * @param room for so many lists at a time, as each is held in memory
   */
  record Means(Service service, Semaphore room) {}

  /**
   * For one request.
   *
   * @param sites all that serve clients, the own one first
   */
  Gathering(String account, Asked asked, List<MemberId> sites, Means means) {
    this.account = account;
    this.asked = asked;
    this.sites = List.copyOf(sites);
    this.means = means;
  }

  @Override
  public boolean wanted(Optional<Answer> answer) {
    // Who sees these counts has been let in, and it is an account that was listed.
    boolean listed =
        answer
            .filter(each -> each.status() == 200 || each.status() == 204)
            .flatMap(each -> value(each, COUNT))
            .isPresent();
    answer.ifPresent(each -> own = each);
    return listed && asked.limit() > 0;
  }

  @Override
  public CompletionStage<Next> next(Optional<Answer> last) {
    CompletableFuture<Next> next = new CompletableFuture<>();
    Thread.startVirtualThread(() -> {
      try {
        next.complete(gathered());
      } catch (InterruptedException | RuntimeException e) {
        next.completeExceptionally(e);
      }
    });
    return next;
  }

  private Next gathered() throws InterruptedException {
    means.room().acquire();
    try {
      List<CompletableFuture<Optional<AccountPage>>> coming = new ArrayList<>();
      for (MemberId site : sites) {
        CompletableFuture<Optional<AccountPage>> page = new CompletableFuture<>();
        coming.add(page);
        Thread.startVirtualThread(() -> page.complete(page(site)));
      }
      List<AccountPage> pages = new ArrayList<>();
      List<String> silent = new ArrayList<>();
      for (int i = 0; i < sites.size(); i++) {
        Optional<AccountPage> page = joined(coming.get(i));
        page.ifPresent(pages::add);
        if (page.isEmpty()) {
          silent.add(sites.get(i).name());
        }
      }
      if (silent.contains(sites.getFirst().name())) {
        // What it has told its client is more than we know.
        return new Next.Keep();
      }
      return said(Merged.of(pages, asked), silent);
    } finally {
      means.room().release();
    }
  }

  private static Optional<AccountPage> joined(CompletableFuture<Optional<AccountPage>> page) {
    try {
      return page.join();
    } catch (CompletionException e) {
      return Optional.empty();
    }
  }

  /** Empty if the site does not say. */
  private Optional<AccountPage> page(MemberId site) {
    Deadline deadline = Deadline.in(PATIENCE);
    try {
      return Optional.of(first(site, deadline));
    } catch (SwiftTrouble e) {
      LOG.info("event=list-not-whole site={} reason=\"{}\"", site, e.getMessage());
      return Optional.empty();
    } catch (RuntimeException e) {
      LOG.error("event=list-failed site={}", site, e);
      return Optional.empty();
    }
  }

  private AccountPage first(MemberId site, Deadline deadline) throws SwiftTrouble {
    try {
      return means.service().page(site, account, asked.first(), deadline);
    } catch (SwiftTrouble e) {
      if (e.why() != SwiftTrouble.Why.CONFLICT) {
        throw e;
      }
      return inPieces(site, deadline);
    }
  }

  /** From a site that gives shorter pages than the own one. */
  private AccountPage inPieces(MemberId site, Deadline deadline) throws SwiftTrouble {
    List<AccountPage.Row> rows = new ArrayList<>();
    AccountPage page = AccountPage.NONE;
    String last = "";
    do {
      page = means.service().page(site, account, asked.after(last), deadline);
      rows.addAll(page.rows());
      last = rows.isEmpty() ? "" : rows.getLast().name();
    } while (!page.rows().isEmpty() && rows.size() < asked.limit());
    return new AccountPage(rows, page.containers(), page.objects(), page.bytes());
  }

  private Next said(Merged merged, List<String> silent) {
    ListText text = ListText.of(value(own, TYPE).orElse(""));
    List<Field> fields = new ArrayList<>();
    boolean typed = false;
    for (Field field : own.fields()) {
      typed |= field.is(TYPE);
      switch (field.name().toLowerCase(Locale.ROOT)) {
        case "x-account-container-count" -> fields.add(number(field, merged.containers()));
        case "x-account-object-count" -> fields.add(number(field, merged.objects()));
        case "x-account-bytes-used" -> fields.add(number(field, merged.bytes()));
        default -> fields.add(field);
      }
    }
    if (!typed) {
      fields.add(new Field(TYPE, "text/plain; charset=utf-8"));
    }
    if (!silent.isEmpty()) {
      fields.add(new Field(MISSING, String.join(", ", silent)));
    }
    String body = text.write(account, merged.rows());
    return new Next.Say(new Answer(body.isEmpty() ? 204 : 200, fields), body);
  }

  private static Field number(Field field, long value) {
    return new Field(field.name(), Long.toString(value));
  }

  private static Optional<String> value(Answer answer, String name) {
    return answer.fields().stream().filter(field -> field.is(name)).map(Field::value).findFirst();
  }

  @Override
  public boolean takes(Answer answer) {
    return false;
  }
}
