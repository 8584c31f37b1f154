/* Formatters of the contact list; the same forms as core/advice.py. */

var dagfuncs = (window.dashAgGridFunctions = window.dashAgGridFunctions || {});

dagfuncs.persuadableNumber = function (value, digits) {
  if (value === null || value === undefined) return "";
  const text = Math.abs(value).toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return (value < 0 && Number(text.replace(/,/g, "")) !== 0 ? "\u2212" : "") + text;
};

dagfuncs.persuadableMoney = function (value, currency) {
  if (value === null || value === undefined) return "";
  const text = Math.abs(value).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return (value < 0 && Number(text.replace(/,/g, "")) !== 0 ? "\u2212" : "") + currency + text;
};
