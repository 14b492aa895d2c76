package io.cotidal.directory.target.ds389;

import com.unboundid.ldap.sdk.LDAPException;
import io.cotidal.directory.ldap.ActFailed;
import io.cotidal.directory.ldap.Bird;
import io.cotidal.directory.plan.Acts;
import io.cotidal.directory.spec.Server;
import io.cotidal.directory.target.Servers;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import java.util.ArrayList;
import java.util.List;

/** An entry that is written here and must be seen everywhere. */
final class Canary implements Act {

  @Override
  public boolean alone() {
    return false;
  }

  @Override
  public String part(Servers.Order order) {
    return "canary";
  }

  @Override
  public Details act(Turn turn) throws LDAPException, InterruptedException, ActFailed {
    List<Server> all = new ArrayList<>();
    for (String member : turn.argument(Acts.MEMBERS).split(",", -1)) {
      all.add(turn.server(member.strip()));
    }
    String name =
        "%s %s %d".formatted(Bird.PREFIX, turn.server().id(), turn.order().stamp().number());
    Bird bird = new Bird(name, turn.realm().suffix(), turn.order().stamp().toString());
    Bird.Seen seen = bird.fly(turn.session(), turn.world().lines(), all);
    if (!seen.missing().isEmpty()) {
      throw new ActFailed(
          "what is written here is not seen on "
              + String.join(", ", seen.missing().stream().map(one -> one.id().name()).toList()));
    }
    return seen.millis();
  }

  @Override
  public Inspection inspect(Turn turn) {
    return new Inspection.NotApplied("a proof holds for its moment: it is made anew");
  }
}
