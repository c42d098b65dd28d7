using Drover.Api;

namespace Drover.Cli.Output;

internal static class LandingText
{
    public static void Write(LandingJson landing, TextWriter output)
    {
        output.WriteLine($"{landing.Ticket}  {landing.State}{(landing.Commit is null ? "" : $"  {landing.Commit}")}");
        if (landing.Reason is not null) output.WriteLine(Terminal.Plain(landing.Reason));
    }
}
