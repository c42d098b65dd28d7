using Drover.Core;

namespace Drover.Agents;

/// <summary>What an agent did, in words that mean the same for every vendor. Adapters make these of the vendor's lines.</summary>
public abstract record AgentEvent
{
    private AgentEvent() { }

    /// <summary>The agent's process speaks the protocol and can take a prompt.</summary>
    public sealed record HandshakeAnswered(string AgentName, string? AgentVersion) : AgentEvent;

    /// <summary>The vendor's id of the conversation is known. May come again with the same id; only a change matters.</summary>
    public sealed record ConversationStarted(string VendorId, string? Model) : AgentEvent;

    /// <summary>This step's frames carry that message. Until now the machine held it back (the handshake, or a turn that had to end first); one that was never
    /// written was not delivered, one that was written and never accepted is unknown.</summary>
    public sealed record MessageWritten(MessageId Message) : AgentEvent;

    /// <summary>Evidence that the agent has read a prompt or a steer: an echo of that very message, the vendor's acknowledgement, or the start of its turn.
    /// At most once for each message.</summary>
    public sealed record MessageAccepted(MessageId Message) : AgentEvent;

    /// <summary>The agent will not read that message. It was not delivered.</summary>
    public sealed record MessageRefused(MessageId Message, string Why) : AgentEvent;

    /// <summary>The message was written, the turn it went into has ended, and the agent never answered it: whether it was read nobody will know.</summary>
    public sealed record MessageUnanswered(MessageId Message, string Why) : AgentEvent;

    /// <summary>The agent works. Agents also start turns by themselves: for a message that the last turn did not take up, or when a background task ends.</summary>
    public sealed record TurnStarted : AgentEvent;

    /// <summary>A piece of a text or of a thought that is still being written. Live only: it is never stored and has no number.</summary>
    public sealed record Delta(bool IsThought, string Piece) : AgentEvent;

    /// <summary>A finished block of text.</summary>
    public sealed record Said(string Text) : AgentEvent;

    public sealed record Thought(string Text) : AgentEvent;

    /// <param name="Input">The call's arguments as JSON, as the vendor gave them.</param>
    public sealed record ToolCalled(string CallId, string Tool, string Input) : AgentEvent
    {
        /// <summary>The agent goes on meanwhile: that it is open says nothing of what the agent does.</summary>
        public bool InBackground { get; init; }
    }

    /// <param name="Output">The result as text; the journal keeps at most 4 KB of it inline.</param>
    public sealed record ToolReturned(string CallId, string Output, bool IsError) : AgentEvent
    {
        /// <summary>As in <see cref="ToolCalled"/>.</summary>
        public bool InBackground { get; init; }
    }

    /// <summary>Tokens since the last such event (never cumulative; <paramref name="Input"/> without those of the cache, which is counted apart), and the vendor's own figure of the cost in US dollars where there is one.</summary>
    public sealed record Usage(long Input, long Output, long CacheRead, long CacheWrite, decimal? Usd) : AgentEvent;

    /// <summary>The vendor speaks of a limit: a retry it makes itself, a warning, or a refusal with the time it ends.</summary>
    public sealed record Limit(FailureClass Class, string Text, bool Rejected, DateTimeOffset? ResetsAt) : AgentEvent;

    /// <summary>The agent may not go on until this is answered with <see cref="Input.Answer"/>.</summary>
    /// <param name="Detail">What is asked, as JSON: command, file, diff, as the vendor gave it.</param>
    public sealed record ApprovalAsked(string ApprovalId, string Tool, string Detail) : AgentEvent
    {
        /// <summary>The same, read by the adapter: policy judges by it and people see it.</summary>
        public AskedFor What { get; init; } = AskedFor.Unknown;
    }

    /// <summary>The question was taken back (its turn was interrupted or has ended); an answer would reach nobody.</summary>
    public sealed record ApprovalWithdrawn(string ApprovalId) : AgentEvent;

    /// <summary>The agent wants a text file read for it, and waits until this is answered with <see cref="Input.FileDone"/>.</summary>
    /// <param name="Path">As the agent gave it; it may lie anywhere.</param>
    /// <param name="FirstLine">The first line wanted, counted from 1; null: from the start.</param>
    /// <param name="Lines">How many lines; null: all that follow.</param>
    public sealed record FileReadAsked(string RequestId, string Path, long? FirstLine, long? Lines) : AgentEvent;

    /// <summary>The agent wants a text file written for it, whole, and waits until this is answered with <see cref="Input.FileDone"/>. May come again after a crash.</summary>
    public sealed record FileWriteAsked(string RequestId, string Path, string Content) : AgentEvent;

    /// <summary>The turn is over. The agent rests when <see cref="MachineState.TurnOpen"/> is false after this step; else its next turn begins by itself.
    /// Comes exactly once for a process that ends with a turn open or before it answered the handshake, and then says why that process failed;
    /// <see cref="TurnStarted"/> need not have come before.</summary>
    /// <param name="Summary">The agent's own last words.</param>
    public sealed record TurnEnded(TurnEnding Ending, string? Summary) : AgentEvent;

    /// <summary>Something went wrong that does not end the turn.</summary>
    public sealed record Trouble(FailureClass Class, string Text) : AgentEvent;

    /// <summary>A line that is no message of the protocol. The text is cut to 1,000 characters.</summary>
    public sealed record Malformed(string Text, string Why) : AgentEvent;

    /// <summary>A message that the adapter does not know, passed on as it came.</summary>
    public sealed record Raw(string Json) : AgentEvent;
}

/// <summary>How a turn ended, judged by what the agent did and not by what the vendor calls it.</summary>
public sealed record TurnEnding(Outcome Outcome, FailureClass? Class, string Reason)
{
    public bool Retryable { get; init; }

    public DateTimeOffset? ResetsAt { get; init; }

    public static readonly TurnEnding Succeeded = new(Outcome.Succeeded, null, "the turn ended");
}
