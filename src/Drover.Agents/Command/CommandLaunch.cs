namespace Drover.Agents.Command;

/// <summary>The command line: the configured one, or that of the output's dialect, with the mark where the prompt belongs.</summary>
internal static class CommandLaunch
{
    public const string PromptMark = "{prompt}";

    public const string FileMark = "{prompt_file}";

    private const string ResumeMark = "{resume}";

    /// <summary>Throws when neither a command is configured nor one known to the dialect, and when the command cannot tell which conversation to go on with.</summary>
    public static Launch Plan(LaunchRequest request)
    {
        var dialect = Dialects.Find(request.Options.GetValueOrDefault("output")) ?? Dialects.Text;
        var way = Way(request.Options.GetValueOrDefault("prompt"));
        var known = dialect.Command(request.Sandboxed);
        var program = request.Program.Count > 0 ? request.Program : known;
        if (program.Count == 0) throw new LaunchImpossibleException($"an agent with the adapter command and `output: {dialect.Name}` needs a command, for example: [./my-agent, \"{PromptMark}\"]");
        var isKnown = dialect.Agent is not null || known.Count > 0 && Path.GetFileName(program[0]) == known[0];
        var environment = new Dictionary<string, string>();
        if (isKnown && request.Sandboxed) environment["IS_SANDBOX"] = "1"; // without it, root may not use a mode in which all is allowed
        if (request.IsolatedHome is { } home) environment["HOME"] = home;
        return new(Arguments(Resuming(program, request), way), environment, new CommandState { Output = dialect.Name, Way = way }, TimeSpan.FromSeconds(60), Patience)
        {
            Prompt = way,
            Inherits = isKnown ? dialect.Inherits : [],
            HomePaths = isKnown && request.IsolatedHome is null ? dialect.HomePaths : [],
        };
    }

    /// <summary>Nothing shows that a program has read its prompt until it writes something, which may be at its end. What it may take is the business of the run's limits.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromDays(30);

    private static PromptWay Way(string? word) => word switch
    {
        "input" => PromptWay.Talk,
        "file" => PromptWay.File,
        _ => PromptWay.Argument,
    };

    private static IReadOnlyList<string> Resuming(IReadOnlyList<string> program, LaunchRequest request)
    {
        if (!request.Options.TryGetValue("resume", out var word)) return program;
        if (!program.Contains(ResumeMark)) throw new LaunchImpossibleException($"`resume: {word}` needs the place in the command where it belongs: an item \"{ResumeMark}\"");
        string[] which = request.ResumeId switch
        {
            null => [],
            // The program has named it itself, and one of its own choice must not become an option.
            ['-', ..] id => throw new LaunchImpossibleException($"the conversation '{id}' cannot be named in a command: it would be read as an option"),
            var id => [word, id],
        };
        return [.. program.SelectMany(a => a == ResumeMark ? which : [a])];
    }

    /// <summary>Elements that are the mark stay; where there is none it is appended.</summary>
    private static IReadOnlyList<string> Arguments(IReadOnlyList<string> program, PromptWay way) => way switch
    {
        PromptWay.Argument => program.Contains(PromptMark) ? program : [.. program, PromptMark],
        PromptWay.File => program.Contains(FileMark) ? program : [.. program, FileMark],
        PromptWay.Talk => [.. program.Where(a => a != PromptMark)],
    };
}
