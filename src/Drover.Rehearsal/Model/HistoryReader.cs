namespace Drover.Rehearsal.Model;

/// <summary>Makes a <see cref="History"/> from the messages of a request, taken one after the other.</summary>
internal sealed class HistoryReader
{
    // Of pi, opencode and Gemini CLI, in this order. Codex says it in a message, Claude Code in a block of its own.
    private static readonly string[] BrokenOff = ["Command aborted", "Operation aborted", "User aborted the command", "[Operation Cancelled]"];

    private readonly List<string> prompts = [];
    private readonly List<string> said = [];
    private int calls;
    private int open;
    private bool inTurn;

    public History History => new(prompts, calls, said);

    /// <summary>A text of the user in a format that does not tell steers from prompts. One that follows a tool's result was sent during the turn;
    /// one that follows an answer of the model, a call whose result never came, or nothing, begins the next.</summary>
    public void Said(string text)
    {
        if (inTurn && open == 0) Steer(text);
        else Prompt(text);
    }

    public void Prompt(string text)
    {
        prompts.Add(text);
        said.Add(text);
        calls = 0;
        TurnEnded();
    }

    public void Steer(string text) => said.Add(text);

    public void Called()
    {
        calls++;
        open++;
        inTurn = true;
    }

    /// <summary>A tool's result, or what the CLI says in its place when the user has broken the turn off.</summary>
    public void Returned(string result)
    {
        open = Math.Max(0, open - 1);
        var end = result[^Math.Min(result.Length, 200)..];
        if (BrokenOff.Any(words => end.Contains(words, StringComparison.Ordinal))) TurnEnded();
    }

    /// <summary>The model has ended a turn, or it was broken off.</summary>
    public void TurnEnded() => (inTurn, open) = (false, 0);
}
