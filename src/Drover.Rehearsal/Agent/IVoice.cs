using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Agent;

/// <summary>A protocol's way to tell what the agent does. Calls come in the order of the turn, from one thread.</summary>
internal interface IVoice
{
    void BeginTurn(UserMessage prompt);

    void BeginReply(Tokens tokens);

    void BeginText(bool isThought);

    void Piece(string text);

    /// <summary>The block is finished, and this was its text.</summary>
    void EndText(string text);

    /// <summary>The block was interrupted after this text.</summary>
    void CutText(string text);

    void CallTool(string callId, Tool tool);

    /// <summary>Returns the id under which the answer will come.</summary>
    string AskPermission(string callId, Tool tool);

    void ReturnTool(string callId, Tool tool, ToolOutcome outcome);

    /// <summary>The reply is complete; after one that called a tool this comes before the tool runs.</summary>
    void EndReply(Tokens tokens, bool calledTool);

    void TakeUpSteer(UserMessage message);

    /// <summary>The model refused and will be asked again.</summary>
    void Retry(ModelError error, int attempt, int attempts, TimeSpan delay);

    void StreamEvent(long number, DateTimeOffset at);

    /// <summary>Writes a line as it stands, message of the protocol or not.</summary>
    void Verbatim(string line);

    void EndTurn(TurnEnd end);
}

/// <summary>How a tool call ended.</summary>
internal abstract record ToolOutcome
{
    private ToolOutcome() { }

    public sealed record Ran(string Output, int ExitCode) : ToolOutcome;

    public sealed record Wrote(bool Created) : ToolOutcome;

    public sealed record Failed(string Why) : ToolOutcome;

    public sealed record Denied(string Why) : ToolOutcome;

    public sealed record Interrupted : ToolOutcome;
}

/// <summary>How a turn ended.</summary>
internal abstract record TurnEnd
{
    private TurnEnd() { }

    public sealed record Completed(string LastText) : TurnEnd;

    public sealed record Interrupted(bool InTool) : TurnEnd;

    public sealed record Refused(ModelError Error) : TurnEnd;

    public sealed record OutOfUsage(DateTimeOffset ResetsAt) : TurnEnd;

    /// <summary>The answer stopped after this much text.</summary>
    /// <param name="Silently">Whether the agent did not notice.</param>
    public sealed record Dropped(string Text, bool Silently) : TurnEnd;
}
