using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli;

/// <summary>From arguments to an exit code. The one place where what went wrong becomes text.</summary>
internal static class Main
{
    public static int Run(string[] args, TextWriter output, TextWriter errors)
    {
        var json = args.Contains("--json");
        try
        {
            return Dispatch(args, output, errors);
        }
        catch (UsageException e)
        {
            return Fail(errors, json, ExitCodes.Usage, "usage", e.Message);
        }
        catch (RefusedException e)
        {
            return Fail(errors, json, ExitCode(e.Problem.Code), e.Problem.Code, e.Message);
        }
        catch (ServerNotRunningException e)
        {
            return Fail(errors, json, ExitCodes.NoServer, "no_server", $"{e.Message}\nStart it with: drover up");
        }
        catch (Exception e) when (e is ServerSilentException or ServerNotStartedException or CommandFailedException or InvalidDataException or UnauthorizedAccessException)
        {
            return Fail(errors, json, ExitCodes.Failed, "failed", e.Message);
        }
        catch (IOException)
        {
            // Whoever read our output has closed it (`drover run list | head`): there is nobody to tell.
            return ExitCodes.Failed;
        }
    }

    private static int Dispatch(string[] args, TextWriter output, TextWriter errors)
    {
        if (args is ["--version"]) return Print(output, Version.Text);
        if (args is [] or ["--help" or "-h" or "help"]) return Print(output, Help.OfAll());
        var found = Catalogue.Find(args);
        switch (found)
        {
            case Found.Group group:
                output.Write(Help.OfGroup(group.Noun));
                return args.Length > 1 ? ExitCodes.Done : ExitCodes.Usage;
            case Found.One one when one.Command.TakesEverything:
                return one.Command.Run(Call.Unparsed(one.Command, one.Rest, output, errors));
            case Found.One one when one.Rest.TakeWhile(a => a != "--").Any(a => a is "--help" or "-h"):
                return Print(output, Help.Of(one.Command));
            case Found.One one:
                return one.Command.Run(Parser.Parse(one.Command, one.Rest, output, errors));
            default:
                throw new InvalidOperationException("a name is found or it is not");
        }
    }

    private static int Print(TextWriter output, string text)
    {
        output.WriteLine(text.TrimEnd('\n'));
        return ExitCodes.Done;
    }

    private static int ExitCode(string code) => Problems.All.FirstOrDefault(k => k.Code == code)?.ExitCode ?? ExitCodes.Refused;

    private static int Fail(TextWriter errors, bool json, int exitCode, string code, string message)
    {
        errors.WriteLine(json ? JsonText.Error(code, exitCode, message) : $"drover: {Terminal.Plain(message)}");
        return exitCode;
    }
}
