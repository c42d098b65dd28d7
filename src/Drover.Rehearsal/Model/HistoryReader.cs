namespace Drover.Rehearsal.Model;

/// <summary>Makes a <see cref="History"/> from the messages of a request, taken one after the other.</summary>
internal sealed class HistoryReader
{
    // Of pi, opencode, Gemini CLI and Codex, in this order. Claude Code says it in a block of its own, and Codex in a message too.
    private static readonly string[] BrokenOff =
        ["Command aborted", "Operation aborted", "No result provided", "User aborted the command", "[Tool execution was interrupted]", "[Operation Cancelled]", "aborted by user after"];

    // The one of Codex whose process has died.
    private const string Died = "aborted";

    private readonly List<string> said = [];
    private readonly List<int> prompts = [];
    private int calls;
    private int open;
    private bool inTurn;

    public History History => new([.. prompts.Select(at => said[at])], calls, said);

    /// <summary>What <see cref="GoOn"/> needs when the CLI has forgotten all but this and what the user has said.</summary>
    public Bookmark Bookmark => new(prompts, calls, inTurn);

    /// <summary>A text of the user in a format that does not tell steers from prompts. One that follows a tool's result was sent during the turn;
    /// one that follows an answer of the model, a call whose result never came, or nothing, begins the next.</summary>
    public void Said(string text)
    {
        if (inTurn && open == 0) Steer(text);
        else Prompt(text);
    }

    public void Prompt(string text)
    {
        prompts.Add(said.Count);
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
        if (result == Died || BrokenOff.Any(words => end.Contains(words, StringComparison.Ordinal))) TurnEnded();
    }

    public void GoOn(Bookmark bookmark)
    {
        prompts.Clear();
        prompts.AddRange(bookmark.Prompts.Where(at => at < said.Count));
        (calls, open, inTurn) = (bookmark.Calls, 0, bookmark.InTurn);
    }

    /// <summary>The model has ended a turn, or it was broken off.</summary>
    public void TurnEnded() => (inTurn, open) = (false, 0);
}
