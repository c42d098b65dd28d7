using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.Command;

/// <summary>The one turn of a program, and what is told in it.</summary>
internal static class Turns
{
    /// <summary>How many calls are remembered, so that a repeated line is not taken for a new one.</summary>
    private const int Remembered = 200;

    private const int Longest = 16 * 1024;

    /// <summary>The program works: it has its prompt.</summary>
    public static void Start(Draft<CommandState> draft)
    {
        if (draft.State.InTurn || draft.State.Ended) return;
        draft.State = draft.State with { InTurn = true };
        draft.Say(new AgentEvent.TurnStarted());
        if (draft.State.Prompt is { } prompt) draft.Say(new AgentEvent.MessageAccepted(prompt));
    }

    public static void End(Draft<CommandState> draft, TurnEnding ending)
    {
        CloseText(draft);
        draft.Say(new AgentEvent.TurnEnded(ending, draft.State.Heard.LastText));
        draft.State = draft.State with { InTurn = false, Ended = true };
    }

    public static void Hear(Draft<CommandState> draft, Func<Heard, Heard> change) => draft.State = draft.State with { Heard = change(draft.State.Heard) };

    public static void Conversation(Draft<CommandState> draft, string? id, string? model)
    {
        if (id is null || draft.State.Heard.Conversation is not null) return;
        id = Bounded.Id(id);
        Hear(draft, h => h with { Conversation = id });
        draft.Say(new AgentEvent.ConversationStarted(id, model));
    }

    public static void Said(Draft<CommandState> draft, string? text)
    {
        CloseText(draft);
        if (string.IsNullOrEmpty(text)) return;
        Hear(draft, h => h with { LastText = Bounded.Text(text, Longest) });
        draft.Say(new AgentEvent.Said(Bounded.Text(text)));
    }

    /// <summary>A piece of a text that ends where something else begins.</summary>
    public static void Grow(Draft<CommandState> draft, string? piece)
    {
        if (string.IsNullOrEmpty(piece)) return;
        draft.Say(new AgentEvent.Delta(IsThought: false, Bounded.Text(piece)));
        var text = draft.State.Heard.Growing + piece;
        while (text.Length > Longest)
        {
            var full = Bounded.Text(text, Longest);
            Hear(draft, h => h with { Growing = full });
            CloseText(draft);
            text = text[full.Length..];
        }

        Hear(draft, h => h with { Growing = text });
    }

    public static void CloseText(Draft<CommandState> draft)
    {
        if (draft.State.Heard.Growing is not { Length: > 0 } text) return;
        Hear(draft, h => h with { Growing = null, LastText = text });
        draft.Say(new AgentEvent.Said(text));
    }

    public static void Thought(Draft<CommandState> draft, string? text)
    {
        CloseText(draft);
        if (!string.IsNullOrEmpty(text)) draft.Say(new AgentEvent.Thought(Bounded.Text(text)));
    }

    /// <param name="input">As JSON.</param>
    public static void Called(Draft<CommandState> draft, string? id, string tool, string input)
    {
        CloseText(draft);
        id = id is null ? null : Bounded.Id(id);
        if (id is null || draft.State.Heard.Called.Contains(id)) return;
        Hear(draft, h => h with { Called = [.. h.Called.TakeLast(Remembered), id] });
        draft.Say(new AgentEvent.ToolCalled(id, tool, input));
    }

    /// <summary>The result of a call; of one that is not known it says nothing.</summary>
    public static void Returned(Draft<CommandState> draft, string? id, string output, bool isError)
    {
        var heard = draft.State.Heard;
        id = id is null ? null : Bounded.Id(id);
        if (id is null || !heard.Called.Contains(id) || heard.Returned.Contains(id)) return;
        Hear(draft, h => h with { Returned = [.. h.Returned.TakeLast(Remembered), id] });
        draft.Say(new AgentEvent.ToolReturned(id, Bounded.Text(output), isError));
    }

    public static void Used(Draft<CommandState> draft, TokenCount tokens, decimal? usd)
    {
        if (tokens is not { Input: 0, Output: 0, CacheRead: 0, CacheWrite: 0 } || usd is > 0)
            draft.Say(new AgentEvent.Usage(tokens.Input, tokens.Output, tokens.CacheRead, tokens.CacheWrite, usd));
    }

    /// <summary>An error that the program speaks of and that does not end its turn by itself. The last one counts.</summary>
    public static void Erred(Draft<CommandState> draft, FailureClass @class, string text)
    {
        CloseText(draft);
        Hear(draft, h => h with { Error = Bounded.Text(text, 2000), ErrorClass = @class });
        draft.Say(@class is FailureClass.RateLimit or FailureClass.UsageLimit or FailureClass.Overloaded
            ? new AgentEvent.Limit(@class, Bounded.Text(text, 1000), Rejected: true, null)
            : new AgentEvent.Trouble(@class, Bounded.Text(text, 2000)));
    }
}
