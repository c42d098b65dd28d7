namespace Drover.Cli.Parsing;

/// <summary>The chapters of <c>drover --help</c>.</summary>
internal enum Chapter { Setup, Tickets, Runs, Landing, Upkeep }

/// <summary>One command of <c>drover</c>. Its class's name and namespace are its words on the command line (<c>Commands.Ticket.AddCommand</c> is
/// <c>drover ticket add</c>), so a new command is a new file and nothing else.</summary>
internal abstract class Command
{
    public abstract Chapter Chapter { get; }

    /// <summary>One sentence.</summary>
    public abstract string Summary { get; }

    /// <summary>Whole command lines.</summary>
    public abstract IReadOnlyList<string> Examples { get; }

    /// <summary>In the order in which they are written. Those with brackets in their name may be left out.</summary>
    public virtual IReadOnlyList<Argument> Arguments => [];

    public virtual IReadOnlyList<Option> Options => [];

    /// <summary>The command gets its arguments as they are and speaks for itself about <c>--help</c>.</summary>
    public virtual bool TakesEverything => false;

    public string Words => Catalogue.WordsOf(GetType());

    /// <summary>Does it and gives the exit code.</summary>
    public abstract int Run(Call call);
}

/// <summary>An argument that is known by its place.</summary>
internal sealed record Argument(string Name, string Help)
{
    public bool Optional { get; init; }

    /// <summary>Takes all that follows.</summary>
    public bool Many { get; init; }

    public static readonly Argument Ticket = new("KEY", "the ticket, like APP-12");

    public static readonly Argument Run = new("RUN", "a run's name or id, or a ticket's key for its newest run");
}

/// <summary>An option.</summary>
/// <param name="Name">With its dashes.</param>
/// <param name="Value">What stands for the value in the help; null for a switch.</param>
internal sealed record Option(string Name, string? Value, string Help)
{
    /// <summary>A second, short spelling (<c>-f</c>).</summary>
    public string? Short { get; init; }

    public bool Required { get; init; }

    /// <summary>The values there are, when they can be listed.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    public static readonly Option Json = new("--json", null, "answer as JSON, for scripts");

    public static readonly Option Project = new("--project", "ID", "the project; without it the one of the current directory");

    public static readonly Option Reason = new("--reason", "TEXT", "why");

    public static readonly Option Head = new("--head", "COMMIT", "the commit you have read (drover diff names it); refused when the branch has moved on since");
}
