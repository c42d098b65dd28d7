using Drover.Agents;
using Drover.Core;

namespace Drover.Server.Config;

/// <summary>The keys of an agent in the roster.</summary>
internal sealed class AgentKeys(IReadOnlyList<string> adapters)
{
    private static readonly AgentLimits NoLimits = new(TimeSpan.FromSeconds(300), TimeSpan.FromHours(1), TimeSpan.FromHours(4), TimeSpan.FromHours(6));
    private static readonly Dictionary<string, string> Nothing = [];

    private static readonly Key<IReadOnlyList<string>> Command = new("command", new ListOf<string>(Scalars.Line("an argument")), [], "the adapter's own program",
        "Program and leading arguments of the agent, one item each; never given to a shell.");

    private static readonly Key<IReadOnlyList<Role>> Roles = new("roles", new ListOf<Role>(Word.Of<Role>()), [Role.Coder], "[coder]", "What the agent may be asked to do.");

    private static readonly Key<string?> Model = new("model", Scalars.Line("a model's name", 200)!, null, "the vendor's default", "The model, in the vendor's spelling.");

    private static readonly Key<string?> Profile = new("profile", Scalars.Prose!, null, "none", "How the agent is to behave, whatever the ticket; given to it with each run.");

    private static readonly Key<int> Count = new("count", Scalars.Whole(1, 64), 1, "1", "How many such agents there are; 3 makes NAME-1, NAME-2 and NAME-3. One agent works on one run at a time.");

    private static readonly Key<ApprovalPolicy?> Approvals = new("approvals", new ApprovalKind()!, null, "the project's", "What this agent is answered when it asks for permission.");

    private static readonly Key<AgentHome> Home = new("home", Word.Of<AgentHome>(), AgentHome.User, "user",
        "Whose login and settings the agent's program uses: the user's own, or a directory kept for this entry alone.");

    private static readonly Key<IReadOnlyDictionary<string, string>> Options = new("options", new MapOf<string>("option", Scalars.Line("an option's name", 60), Scalars.Line("a value")), Nothing, "none",
        "Settings that only the adapter knows; docs/agents.md lists them for each.");

    private static readonly Key<string?> SystemPrompt = new("system_prompt", Scalars.Prose!, null, "none",
        "Text after the vendor's own system prompt, where the adapter can put one there; `profile` goes into the first prompt and works with every adapter.");

    private static readonly Key<IReadOnlyList<string>> McpCommand = new("command", new ListOf<string>(Scalars.Line("an argument")), [], "must be given",
        "Program and arguments of the server, which speaks over standard input and output; never given to a shell.", IsRequired: true);

    private static readonly Key<IReadOnlyList<string>> Pass = new("pass", new ListOf<string>(Rules.Variable), [], "none",
        "Variables of the server's environment that the agent sees. All others but a few harmless ones (PATH, HOME, LANG, TERM …) are kept from it.");

    private static readonly Key<IReadOnlyDictionary<string, string>> Set = new("set", new MapOf<string>("variable", Rules.Variable, Scalars.Line("a value", 8000)), Nothing, "none", "Variables with their values.");

    private static readonly Key<AgentEnvironment> Environment = new("environment", new Section<AgentEnvironment>([Pass, Set], e => new(e.Get(Pass), e.Get(Set))),
        new([], Nothing), "none", "The environment of the agent's process.");

    private static readonly Key<AgentEnvironment> McpEnvironment = new("environment", new Section<AgentEnvironment>([Pass, Set], e => new(e.Get(Pass), e.Get(Set))),
        new([], Nothing), "none", "Variables for the server. Secrets belong under `pass`: this file is in the repository.");

    private static readonly Key<IReadOnlyDictionary<string, McpConfig>> McpServers = new("mcp_servers",
        new MapOf<McpConfig>("name", Rules.Name, new Section<McpConfig>([McpCommand, McpEnvironment], Mcp)), new Dictionary<string, McpConfig>(), "none",
        "Tool servers (MCP) that the agent starts inside its sandbox, where the adapter can; no others of the user's are started then, where the adapter can prevent it.");

    private static readonly Key<TimeSpan> Idle = new("idle", Measures.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)), NoLimits.Idle, "300s",
        "Ends a run that has given no sign of life for so long while no tool call was open. What an agent tells of errors, limits and attempts to reach its model again is no sign of life.");

    private static readonly Key<TimeSpan> Tool = new("tool", Measures.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(7)), NoLimits.Tool, "1h", "Ends a run in which one tool call takes longer.");

    private static readonly Key<TimeSpan> Wall = new("wall", Measures.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(30)), NoLimits.Wall, "4h",
        "Ends a run that has lasted longer. Time in which the machine slept or the server was down never counts.");

    private static readonly Key<TimeSpan> Wait = new("wait", Measures.Duration(TimeSpan.Zero, TimeSpan.FromDays(30)), NoLimits.Wait, "6h",
        "How long a run waits in all for a vendor that refuses for now (a usage limit, too many requests, no capacity, a broken connection) before it gives up. It then goes on with the same conversation; the time counts for no other limit.");

    private static readonly Key<int?> Turns = new("turns", new Optional<int>(Scalars.Whole(1, 100_000)), null, "as many as it takes",
        "The most turns of a run; a turn is one prompt until the agent rests. None is cut off, but none is begun beyond it: with nothing left to be said when the last has ended, the run ends as it would have, else (a message waits, or it was to be asked to commit what it left) as failed with class `max_turns`.");

    private static readonly Key<AgentLimits> Limits = new("limits", new Section<AgentLimits>([Idle, Tool, Wall, Wait, Turns],
        e => new(e.Get(Idle), e.Get(Tool), e.Get(Wall), e.Get(Wait)) { Turns = e.Get(Turns) }), NoLimits, "as below", "What ends a run that does not end by itself.");

    private readonly Key<string> _adapter = new("adapter", Word.Of(adapters), "", "must be given", "The driver of the agent's protocol.", IsRequired: true);

    /// <summary>An agent without its name, which is its key in the roster.</summary>
    internal Section<AgentConfig> Section => new([_adapter, Command, Roles, Model, Profile, SystemPrompt, McpServers, Environment, Limits, Approvals, Count, Home, Options], Make);

    private AgentConfig Make(Entries entries)
    {
        var roles = entries.Get(Roles);
        if (roles.Count == 0) entries.At(Roles).Fail("an agent without roles can do nothing; leave the key out for [coder]");
        var (word, options) = (entries.Get(_adapter), entries.Get(Options));
        if (Adapters.Find(word) is { } adapter) Judge(entries, adapter, options);
        return new()
        {
            Name = "",
            Adapter = word,
            Command = entries.Get(Command),
            Roles = roles.ToHashSet(),
            Model = entries.Get(Model),
            Profile = entries.Get(Profile),
            Environment = entries.Get(Environment),
            Limits = entries.Get(Limits),
            Approvals = entries.Get(Approvals),
            Count = entries.Get(Count),
            Home = entries.Get(Home),
            Options = options,
            SystemPrompt = entries.Get(SystemPrompt),
            McpServers = entries.Get(McpServers),
        };
    }

    private static McpConfig Mcp(Entries entries)
    {
        var command = entries.Get(McpCommand);
        if (command.Count == 0 && entries.Has(McpCommand)) entries.At(McpCommand).Fail("takes the program and its arguments, not an empty list");
        return new(command, entries.Get(McpEnvironment));
    }

    /// <summary>What is asked of an adapter that cannot do it is an error here, not a setting that does nothing.</summary>
    private static void Judge(Entries entries, IAdapter adapter, IReadOnlyDictionary<string, string> options)
    {
        foreach (var (name, value) in options)
        {
            if (adapter.Options.FirstOrDefault(o => o.Name == name) is not { } option)
                entries.At(Options).Fail(adapter.Options.Count == 0
                    ? $"the adapter {adapter.Name} has no options"
                    : $"the adapter {adapter.Name} has no option '{Problems.Cut(name, 60)}'; {Nearest.Advice(name, [.. adapter.Options.Select(o => o.Name)])}");
            else if (!option.IsRight(value))
                entries.At(Options).Fail($"{name}: '{Problems.Cut(value, 40)}' is not {option.Expects}");
        }

        if (entries.Has(SystemPrompt) && !adapter.Capabilities.TakesAppendedPrompt)
            entries.At(SystemPrompt).Fail($"the adapter {adapter.Name} cannot add to the system prompt; write it under profile, which goes into the first prompt");
        if (entries.Has(McpServers) && !adapter.Capabilities.TakesMcpServers)
            entries.At(McpServers).Fail($"the adapter {adapter.Name} cannot tell its agent of tool servers");
    }
}
