using System.Text;
using Drover.Api;
using Drover.Node.Repositories;
using Drover.Server.Config;
using Drover.Server.Files;
using Drover.Server.Verbs;

namespace Drover.Server.Init;

/// <summary><c>drover init</c>: looks at the repository and the machine, and writes a commented <c>drover.yaml</c>.</summary>
internal static class InitVerb
{
    private const string Usage = """
        usage: drover init [--force] [--json]

        Writes a commented drover.yaml at the root of this repository, with the agents and the gate that it finds. It never replaces one unless told to.

          --force   replace the drover.yaml that is there
          --json    answer as JSON, for scripts
        """;

    public static async Task<int> Run(string[] args, VerbIo io, Func<string, string?> findProgram, TimeProvider time, CancellationToken token)
    {
        if (VerbArguments.Read(args, Usage, ["--force"], io, out var exitCode) is not { } arguments) return exitCode;
        var (place, why) = await Look(io.Directory, time, token);
        if (place is null) return io.Fail(arguments, ExitCodes.Failed, "unusable_repository", why!);

        var agents = FoundAgent.Look(findProgram);
        var gates = GateGuess.Of(place.Root);
        var file = Path.Combine(place.Root, ConfigFile.Name);
        var text = Encoding.UTF8.GetBytes(StartingConfig.Write(Path.GetFileName(place.Root), place.Branch, agents, gates));
        try
        {
            if (arguments.Has("--force")) WholeFile.Write(file, text);
            else WholeFile.WriteNew(file, text);
        }
        catch (IOException) when (Path.Exists(file))
        {
            return io.Fail(arguments, ExitCodes.Refused, "exists", $"{file} is there already: edit it (drover config check tells whether it is right), or replace it with drover init --force");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return io.Fail(arguments, ExitCodes.Failed, "not_written", $"{file} cannot be written: {e.Message}");
        }

        var report = new InitReport(file, agents, gates, place);
        io.Output.WriteLine(arguments.Json ? report.Json() : report.Text());
        return ExitCodes.Done;
    }

    /// <summary>Where the file belongs, or why there is no such place and what to do.</summary>
    private static async Task<(InitPlace? Place, string? Why)> Look(string directory, TimeProvider time, CancellationToken token)
    {
        switch (await Git.Find(time, Scratch.Temporary, token))
        {
            case GitProbe.Unfit unfit:
                return (null, $"{unfit.Why}\n{unfit.Advice}");
            case GitProbe.Ready(var git, _):
                return await Repository.Open(git, directory, token) switch
                {
                    RepositoryOpening.Opened { Repository: { TopLevel: { } root } repository } => (new(root, (await repository.DefaultBranch(token))?.Value, true), null),
                    RepositoryOpening.Opened opened => (null, $"{opened.Repository.CommonDir} is a bare repository, which has no files: run drover init in a clone of it, commit drover.yaml and push it"),
                    RepositoryOpening.Refused { Why: RepositoryRefusal.NoCommits } => (new(CheckoutRoot.Above(directory), null, false), null),
                    RepositoryOpening.Refused refused => (null, $"{refused.Message}\n{refused.Advice}"),
                    _ => throw new System.Diagnostics.UnreachableException(),
                };
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }
}

/// <summary>The checkout that is set up.</summary>
/// <param name="Branch">Its default branch, if it has one yet.</param>
internal sealed record InitPlace(string Root, string? Branch, bool HasCommits);
