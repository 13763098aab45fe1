// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import dev.frontdesk.gateway.agent.AgentInbox;
import dev.frontdesk.gateway.agent.AgentPresence;
import dev.frontdesk.gateway.agent.PollTurns;
import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.conversation.OperationRequest;
import dev.frontdesk.gateway.conversation.Outcome;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.customer.CustomerErasures;
import dev.frontdesk.gateway.customer.CustomerRow;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.ClockKind;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.domain.Message;
import dev.frontdesk.gateway.event.EventLetter;
import dev.frontdesk.gateway.event.EventLetterBox;
import dev.frontdesk.gateway.outbox.DeadLetterBox;
import dev.frontdesk.gateway.report.AgentBoard;
import dev.frontdesk.gateway.report.ClockReport;
import dev.frontdesk.gateway.report.Dimension;
import dev.frontdesk.gateway.report.FirstResponseReport;
import dev.frontdesk.gateway.report.QueueBoard;
import dev.frontdesk.gateway.routing.QueuePull;
import dev.frontdesk.gateway.timer.TimerLetter;
import dev.frontdesk.gateway.timer.TimerLetterBox;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the API asks of the rooms behind it: nothing else of them is reachable from outside. All
 * futures fail with {@code GatewayException} or {@code StoreUnavailableException} only.
 */
public record Rooms(
    Conversations conversations,
    Desk desk,
    Boards boards,
    DeadLetters deadLetters,
    EventLetters eventLetters,
    TimerLetters timerLetters,
    Customers customers) {

  /** Conversations, one at a time. */
  public interface Conversations {
    /** Applies a command; see {@link ConversationService#apply}. */
    Future<Outcome> apply(
        Workspace workspace,
        Conversation.Id id,
        ConversationEvent event,
        @Nullable OperationRequest operation);

    /** The conversation as it is now, or null. */
    Future<ConversationService.@Nullable Snapshot> find(Workspace workspace, Conversation.Id id);

    /** Messages with seq in {@code [from, to]}, ascending. */
    Future<List<Message>> messages(Workspace workspace, Conversation.Id id, int from, int to);

    /** Somebody who answers is writing; best effort, never stored. */
    void typing(Conversation.Id id);

    /** The service itself, and who shows that somebody is writing. */
    static Conversations of(ConversationService service, Consumer<Conversation.Id> typing) {
      return new Conversations() {
        @Override
        public void typing(Conversation.Id id) {
          typing.accept(id);
        }

        @Override
        public Future<Outcome> apply(
            Workspace workspace,
            Conversation.Id id,
            ConversationEvent event,
            @Nullable OperationRequest operation) {
          return service.apply(workspace, id, event, operation);
        }

        @Override
        public Future<ConversationService.@Nullable Snapshot> find(
            Workspace workspace, Conversation.Id id) {
          return service.find(workspace, id);
        }

        @Override
        public Future<List<Message>> messages(
            Workspace workspace, Conversation.Id id, int from, int to) {
          return service.messages(workspace, id, from, to);
        }
      };
    }
  }

  /** An agent's place: presence, inbox, the next conversation of the queue. */
  public interface Desk {
    /** See {@link AgentInbox#poll}. */
    Future<AgentInbox.Page> poll(
        Workspace workspace,
        Agent.Id agent,
        @Nullable String cursor,
        Duration wait,
        Future<?> closed);

    /** See {@link PollTurns#take}: what shows the changes of a poll. */
    <T> Future<T> inTurn(Future<?> closed, Supplier<Future<T>> work);

    /** See {@link AgentPresence#say}. */
    Future<?> say(Workspace workspace, Agent.Id agent, Agent.Presence presence);

    /** See {@link AgentPresence#renew}. */
    Future<Void> renew(Workspace workspace, Agent.Id agent);

    /** See {@link QueuePull#take}. */
    Future<Optional<Outcome>> take(
        Workspace workspace, Agent.Id agent, @Nullable OperationRequest operation);

    /** The rooms themselves. */
    static Desk of(AgentInbox inbox, PollTurns turns, AgentPresence presence, QueuePull pull) {
      return new Desk() {
        @Override
        public Future<AgentInbox.Page> poll(
            Workspace workspace,
            Agent.Id agent,
            @Nullable String cursor,
            Duration wait,
            Future<?> closed) {
          return inbox.poll(workspace, agent, cursor, wait, closed);
        }

        @Override
        public <T> Future<T> inTurn(Future<?> closed, Supplier<Future<T>> work) {
          return turns.take(closed, work);
        }

        @Override
        public Future<?> say(Workspace workspace, Agent.Id agent, Agent.Presence said) {
          return presence.say(workspace, agent, said);
        }

        @Override
        public Future<Void> renew(Workspace workspace, Agent.Id agent) {
          return presence.renew(workspace, agent);
        }

        @Override
        public Future<Optional<Outcome>> take(
            Workspace workspace, Agent.Id agent, @Nullable OperationRequest operation) {
          return pull.take(workspace, agent, operation);
        }
      };
    }
  }

  /** What supervisors watch. */
  public interface Boards {
    /** See {@link QueueBoard#read}. */
    Future<List<QueueBoard.Row>> queue(Workspace workspace);

    /** See {@link AgentBoard#read}. */
    Future<List<AgentBoard.Row>> agents(Workspace workspace);

    /** See {@link FirstResponseReport#read}. */
    Future<List<FirstResponseReport.Row>> firstResponse(
        Workspace workspace, Instant from, Instant to, Dimension by);

    /** See {@link ClockReport#read}. */
    Future<List<ClockReport.Row>> clocks(
        Workspace workspace, ClockKind clock, Instant from, Instant to);

    /** The boards themselves. */
    static Boards of(
        QueueBoard queue, AgentBoard agents, FirstResponseReport report, ClockReport clocks) {
      return new Boards() {
        @Override
        public Future<List<QueueBoard.Row>> queue(Workspace workspace) {
          return queue.read(workspace);
        }

        @Override
        public Future<List<AgentBoard.Row>> agents(Workspace workspace) {
          return agents.read(workspace);
        }

        @Override
        public Future<List<FirstResponseReport.Row>> firstResponse(
            Workspace workspace, Instant from, Instant to, Dimension by) {
          return report.read(workspace, from, to, by);
        }

        @Override
        public Future<List<ClockReport.Row>> clocks(
            Workspace workspace, ClockKind clock, Instant from, Instant to) {
          return clocks.read(workspace, clock, from, to);
        }
      };
    }
  }

  /** Messages that could not be delivered. */
  public interface DeadLetters {
    /** See {@link DeadLetterBox#list}. */
    Future<Map<String, String>> list(Workspace workspace);

    /** See {@link DeadLetterBox#retry}. */
    Future<Boolean> retry(Workspace workspace, Conversation.Id conversation, int seq);

    /** See {@link DeadLetterBox#delete}. */
    Future<Boolean> delete(Workspace workspace, Conversation.Id conversation, int seq);

    /** The box itself. */
    static DeadLetters of(DeadLetterBox box) {
      return new DeadLetters() {
        @Override
        public Future<Map<String, String>> list(Workspace workspace) {
          return box.list(workspace);
        }

        @Override
        public Future<Boolean> retry(Workspace workspace, Conversation.Id conversation, int seq) {
          return box.retry(workspace, conversation, seq);
        }

        @Override
        public Future<Boolean> delete(Workspace workspace, Conversation.Id conversation, int seq) {
          return box.delete(workspace, conversation, seq);
        }
      };
    }
  }

  /** Customers, as operators tell them. */
  public interface Customers {
    /** See {@link dev.frontdesk.gateway.customer.Customers#find}. */
    Future<@Nullable CustomerRow> find(Workspace workspace, String id);

    /** See {@link dev.frontdesk.gateway.customer.Customers#put}. */
    Future<CustomerRow> put(Workspace workspace, CustomerRow row);

    /** See {@link CustomerErasures#erase}. */
    Future<@Nullable Future<Void>> erase(Workspace workspace, String id);

    /** The rooms themselves. */
    static Customers of(
        dev.frontdesk.gateway.customer.Customers customers, CustomerErasures erasures) {
      return new Customers() {
        @Override
        public Future<@Nullable CustomerRow> find(Workspace workspace, String id) {
          return customers.find(workspace, id);
        }

        @Override
        public Future<CustomerRow> put(Workspace workspace, CustomerRow row) {
          return customers.put(workspace, row);
        }

        @Override
        public Future<@Nullable Future<Void>> erase(Workspace workspace, String id) {
          return erasures.erase(workspace, id);
        }
      };
    }
  }

  /** Events that were given up. */
  public interface EventLetters {
    /** See {@link EventLetterBox#list}. */
    Future<List<EventLetter>> events(Workspace workspace);

    /** See {@link EventLetterBox#retry}. */
    Future<Boolean> retryEvent(Workspace workspace, String id);

    /** See {@link EventLetterBox#delete}. */
    Future<Boolean> deleteEvent(Workspace workspace, String id);

    /** The box itself. */
    static EventLetters of(EventLetterBox box) {
      return new EventLetters() {
        @Override
        public Future<List<EventLetter>> events(Workspace workspace) {
          return box.list(workspace);
        }

        @Override
        public Future<Boolean> retryEvent(Workspace workspace, String id) {
          return box.retry(workspace, id);
        }

        @Override
        public Future<Boolean> deleteEvent(Workspace workspace, String id) {
          return box.delete(workspace, id);
        }
      };
    }
  }

  /** Timers that were given up. */
  public interface TimerLetters {
    /** See {@link TimerLetterBox#list}. */
    Future<List<TimerLetter>> timers(Workspace workspace);

    /** See {@link TimerLetterBox#retry}. */
    Future<Boolean> retryTimer(Workspace workspace, String id);

    /** See {@link TimerLetterBox#delete}. */
    Future<Boolean> deleteTimer(Workspace workspace, String id);

    /** The box itself. */
    static TimerLetters of(TimerLetterBox box) {
      return new TimerLetters() {
        @Override
        public Future<List<TimerLetter>> timers(Workspace workspace) {
          return box.list(workspace);
        }

        @Override
        public Future<Boolean> retryTimer(Workspace workspace, String id) {
          return box.retry(workspace, id);
        }

        @Override
        public Future<Boolean> deleteTimer(Workspace workspace, String id) {
          return box.delete(workspace, id);
        }
      };
    }
  }
}
