using Drover.Api;

namespace Drover.Server.Verbs;

/// <summary>A verb's arguments: switches, and at most one place.</summary>
internal sealed class VerbArguments
{
    private readonly HashSet<string> _switches = [];

    private VerbArguments() { }

    public bool Json => Has("--json");

    /// <summary>The argument that is no switch.</summary>
    public string? Place { get; private set; }

    public bool Has(string name) => _switches.Contains(name);

    /// <summary>Null when the verb is not to run: help was asked for, or the arguments are wrong and the usage says so. Then the exit code is set.</summary>
    public static VerbArguments? Read(string[] args, string usage, IReadOnlyList<string> switches, VerbIo io, out int exitCode)
    {
        var read = new VerbArguments();
        exitCode = ExitCodes.Done;
        if (args.Any(a => a is "--help" or "-h"))
        {
            io.Output.WriteLine(usage);
            return null;
        }

        foreach (var arg in args)
        {
            if (switches.Contains(arg) || arg == "--json") read._switches.Add(arg);
            else if (!arg.StartsWith('-') && read.Place is null && usage.Contains("[FILE]", StringComparison.Ordinal)) read.Place = arg;
            else
            {
                if (args.Contains("--json")) read._switches.Add("--json");
                exitCode = io.Fail(read, ExitCodes.Usage, "usage", $"'{arg}' is not understood\n{usage}");
                return null;
            }
        }

        return read;
    }
}
