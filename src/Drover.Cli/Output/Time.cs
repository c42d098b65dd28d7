using System.Globalization;

namespace Drover.Cli.Output;

internal static class Time
{
    public static string Local(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Took(DateTimeOffset from, DateTimeOffset to) => (to - from) switch
    {
        { TotalSeconds: < 60 } span => span.TotalSeconds.ToString("0", CultureInfo.InvariantCulture) + "s",
        { TotalMinutes: < 60 } span => $"{span.Minutes.ToString(CultureInfo.InvariantCulture)}m{span.Seconds.ToString("00", CultureInfo.InvariantCulture)}s",
        var span => $"{((int)span.TotalHours).ToString(CultureInfo.InvariantCulture)}h{span.Minutes.ToString("00", CultureInfo.InvariantCulture)}m",
    };
}
