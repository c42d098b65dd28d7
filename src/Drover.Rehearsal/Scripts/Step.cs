namespace Drover.Rehearsal.Scripts;

/// <summary>One thing a script lets the agent do. Both players understand every step; docs/rehearsal.md says what each of them makes of it.</summary>
internal abstract record Step
{
    private Step() { }

    public sealed record Say(string Text, Pace Pace) : Step;

    public sealed record Think(string Text, Pace Pace) : Step;

    /// <param name="Asks">Whether the agent asks for permission first.</param>
    public sealed record Use(Tool Tool, bool Asks) : Step;

    public sealed record Pause(TimeSpan For) : Step;

    /// <summary>Waits until the file exists.</summary>
    public sealed record WaitFor(string Path) : Step;

    public sealed record Hang : Step;

    /// <summary>Ends the agent's process: by the signal if there is one, else with the exit code.</summary>
    public sealed record Crash(int ExitCode, int? Signal) : Step;

    /// <summary>The model's answer stops in the middle.</summary>
    /// <param name="Silently">The stream ends as if it were whole, so that the CLI does not notice; else the connection breaks.</param>
    public sealed record Drop(bool Silently) : Step;

    /// <param name="Times">How often the model refuses before it answers; null = always.</param>
    public sealed record Refuse(ModelError Error, TimeSpan? RetryAfter, int? Times) : Step;

    public sealed record UsageLimit(TimeSpan ResetsIn) : Step;

    public sealed record FloodStandardError(long Bytes) : Step;

    public sealed record Spend(Tokens Tokens) : Step;

    /// <summary>A line that is no message of the protocol.</summary>
    public sealed record Malformed(string Text) : Step;

    /// <summary>A message of the protocol, written as it stands.</summary>
    public sealed record Raw(string Json) : Step;

    /// <summary>Numbered events at a steady rate, for benchmarks.</summary>
    public sealed record Stream(double PerSecond, TimeSpan For) : Step;
}

/// <summary>How text is written: in pieces of so many characters with a delay between them.</summary>
internal sealed record Pace(int Chunk, TimeSpan Delay)
{
    public static readonly Pace AtOnce = new(int.MaxValue, TimeSpan.Zero);

    public IEnumerable<string> Pieces(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var length = Math.Min(Chunk, text.Length - at);
            if (at + length < text.Length && char.IsHighSurrogate(text[at + length - 1])) length++;
            yield return text.Substring(at, length);
            at += length;
        }
    }
}

/// <summary>What a tool call does, before it has a vendor's name.</summary>
internal abstract record Tool
{
    private Tool() { }

    public sealed record Shell(string Command) : Tool;

    public sealed record Write(string Path, string Content) : Tool;
}

internal enum ModelError { Unauthorized, PromptTooLong, RateLimited, Internal, Overloaded }

internal sealed record Tokens(long Input, long Output, long CacheRead, long CacheWrite)
{
    public static readonly Tokens None = new(0, 0, 0, 0);

    /// <summary>What an answer costs when the script does not say.</summary>
    public static readonly Tokens Usual = new(100, 20, 0, 0);

    public Tokens Plus(Tokens other) =>
        new(Input + other.Input, Output + other.Output, CacheRead + other.CacheRead, CacheWrite + other.CacheWrite);

    /// <summary>US dollars at 3 / 15 / 0.30 / 3.75 per million, the price the real CLI reckons with for its default model.</summary>
    public decimal Usd => (Input * 3m + Output * 15m + CacheRead * 0.3m + CacheWrite * 3.75m) / 1_000_000m;
}
